import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { openCable } from '../support/cable.ts';
import { addPatients } from './bulk.ts';
import { openClinic, type Workshop } from './clinic-folder.ts';
import { openDesk, pairedWith } from './desk.ts';
import { type Figure, judged, median, mib, ms, quantile, times } from './figures.ts';

export const group = 'A desk, with its server and without';

type Scale = Readonly<{ patients: number; queued: number }>;

/** What a paired desk costs and gives: real certificates, real files, a cable that is pulled. */
export async function benchAlone(shop: Workshop, { patients, queued }: Scale): Promise<Figure[]> {
  const folder = shop.copy('alone');
  addPatients(folder, patients);
  const clinic = await openClinic({ ...shop, folder, serve: ['--stations', '0'] });
  const door = new URL(clinic.server.doors['stations'] ?? '');
  const cable = await openCable(`127.0.0.1:${door.port}`);
  const identity = await pairedWith(clinic, `127.0.0.1:${door.port}`);
  const figures: Figure[] = [];
  const before = process.memoryUsage().rss;
  const began = performance.now();
  const desk = openDesk(identity, cable.address, path.join(shop.folder, 'desk'));
  try {
    await desk.until(({ link, known }) => link === 'online' && (known?.patients ?? 0) >= patients);
    const filled = performance.now() - began;
    figures.push(
      judged(group, `First fill of ${patients.toLocaleString('en')} patients`, filled / 1000, 'most', 60, {
        measured: `${(filled / 1000).toFixed(1)} s`,
        unit: 's',
      }),
      {
        group,
        what: 'Memory that a filled desk takes beside its pages',
        measured: mib(process.memoryUsage().rss - before),
      },
    );

    const { username, password } =
      shop.accounts.find(({ roles }) => roles.includes('receptionist')) ?? shop.accounts[0]!;
    await desk.api.auth.login({ identifier: username, password });
    const [queueId = ''] = await clinic.queues(1);
    await desk.until(({ known }) => known !== null);
    let turn = 0;
    const give = () => {
      turn += 1;
      const patientId = clinic.patients[turn % clinic.patients.length] ?? '';
      return desk.api.visits.issue({ patientId, queueId, confirmRepeat: true });
    };
    const write = writesIn(shop.folder);
    const online = await timed(60, give, write);
    figures.push(saved('Give token → saved, with the server', online));
    cable.pull();
    await desk.until(({ link }) => link === 'offline');
    const alone = await timed(queued, give, write);
    figures.push(saved('Give token → saved, without the server', alone));
    const back = performance.now();
    cable.plug();
    await desk.until(({ link, unsent }) => link === 'online' && unsent === 0);
    const drained = (performance.now() - back) / 1000;
    figures.push(
      judged(group, `${queued} tokens handed over after the cable is in`, drained, 'most', 30, {
        measured: `${drained.toFixed(1)} s`,
        unit: 's',
      }),
    );
    return figures;
  } finally {
    await desk.close();
    await cable.close();
    await clinic.stop();
  }
}

type Timed = Readonly<{ work: number[]; limit: number[] }>;

/** Alternating with the limit, so that both meet the same disk. In ms. */
async function timed(count: number, work: () => Promise<unknown>, limit: () => void): Promise<Timed> {
  const seen: Timed = { work: [], limit: [] };
  for (let n = 0; n < count; n += 1) {
    const began = performance.now();
    await work();
    const done = performance.now();
    limit();
    seen.work.push(done - began);
    seen.limit.push(performance.now() - done);
  }
  return seen;
}

/** One page on the disk for good: nothing that is called saved can be faster. */
function writesIn(folder: string): () => void {
  const file = openSync(path.join(folder, 'page'), 'w');
  process.once('exit', () => closeSync(file));
  const page = Buffer.alloc(4096, 1);
  return () => {
    writeSync(file, page, 0, page.length, 0);
    fsyncSync(file);
  };
}

const saved = (what: string, { work, limit }: Timed): Figure =>
  judged(group, what, quantile(work, 0.95), 'most', 50, {
    measured: `p50 ${ms(median(work))}, p95 ${ms(quantile(work, 0.95))} = ${times(median(work) / median(limit))}`,
    limit: `a page on the disk ${ms(median(limit))}`,
    unit: 'ms (p95)',
  });
