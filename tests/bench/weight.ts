import { spawn } from 'node:child_process';
import { once } from 'node:events';
import WebSocket from 'ws';
import { sleep } from '../day/random.ts';
import { startServer } from '../day/server.ts';
import { memoryOf } from './audit.ts';
import { openClinic, type Workshop } from './clinic-folder.ts';
import { type Figure, judged, median, mib, ms, times } from './figures.ts';

const group = 'Starting, and lying still';
const STATIONS = 200;

/** What the server costs before anybody uses it, beside Node itself. */
export async function benchWeight(shop: Workshop, rounds: number): Promise<Figure[]> {
  const folder = shop.copy('weight');
  const seen = { bare: [] as number[], start: [] as number[] };
  // The first start of either reads the disk; it is not counted.
  for (let round = -1; round < rounds; round += 1) {
    const bare = await bareStart();
    const begun = performance.now();
    const server = await startServer({ entry: shop.entry, folder });
    const start = performance.now() - begun;
    await server.stop();
    if (round < 0) continue;
    seen.bare.push(bare);
    seen.start.push(start);
  }
  const bareMemory = await bareIdle();
  const idle = await serverIdle({ entry: shop.entry, folder });
  const clinic = await openClinic({ entry: shop.entry, accounts: shop.accounts, folder });
  try {
    await sleep(3000);
    const before = memoryOf(clinic.server.pid).now;
    const sockets = await Promise.all(
      Array.from({ length: STATIONS }, () => station(clinic.port, clinic.tokens.admin)),
    );
    await sleep(8000);
    const each = (memoryOf(clinic.server.pid).now - before) / STATIONS / 1024;
    for (const socket of sockets) socket.close();
    const [start, bare] = [median(seen.start), median(seen.bare)];
    return [
      judged(group, 'Until the built server is open', Number((start / bare).toFixed(1)), 'most', 8, {
        measured: `${ms(start)} = ${times(start / bare)}`,
        limit: `bare node ${ms(bare)}`,
        unit: '× bare node',
      }),
      judged(group, 'Memory when idle', Number((idle / bareMemory).toFixed(2)), 'most', 2.5, {
        measured: `${mib(idle)} = ${times(idle / bareMemory)}`,
        limit: `bare node ${mib(bareMemory)}`,
        unit: '× bare node',
      }),
      { group, what: 'Memory after ten sign-ins and some lists', measured: mib(before) },
      judged(group, `Memory per connected station (${STATIONS}, without TLS)`, Math.round(each), 'most', 200, {
        measured: `${each.toFixed(0)} KiB`,
        unit: 'KiB',
      }),
    ];
  } finally {
    await clinic.stop();
  }
}

/** From nothing until Node runs a line. */
async function bareStart(): Promise<number> {
  const begun = performance.now();
  const child = spawn(process.execPath, ['-e', 'process.stdout.write("x")'], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  const took = performance.now() - begun;
  await once(child, 'exit');
  return took;
}

async function bareIdle(): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
  await sleep(1500);
  const { now } = memoryOf(child.pid as number);
  child.kill();
  return now;
}

async function serverIdle(place: Readonly<{ entry: string; folder: string }>): Promise<number> {
  const server = await startServer(place);
  await sleep(3000);
  const { now } = memoryOf(server.pid);
  await server.stop();
  return now;
}

function station(port: number, token: string): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/live/?EIO=4&transport=websocket`, {
    perMessageDeflate: false,
  });
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('message', (data) => {
      const text = data.toString();
      if (text === '2') socket.send('3');
      else if (text.startsWith('0{')) socket.send(`40${JSON.stringify({ token })}`);
      else if (text.startsWith('40')) resolve(socket);
    });
  });
}
