import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createChance } from '../day/random.ts';
import { client, furniture, PASSWORD, type World, world } from '../support/clinic.ts';
import { openTestDesk, type TestDesk } from '../support/lone-desk.ts';
import { root } from '../support/process.ts';

/** How often the desk's process is killed; `MEDLANE_KILLS=1000` for more. */
const KILLS = Number(process.env['MEDLANE_KILLS'] ?? 50);
const SEED = Number(process.env['MEDLANE_SEED'] ?? Date.now() % 1e6);
const NOON = Date.parse('2026-11-18T07:00:00Z');

let clinic: World;
let desk: TestDesk;
let running: ChildProcess | null = null;
beforeAll(async () => {
  clinic = await world({ now: NOON });
});
afterAll(async () => {
  running?.kill('SIGKILL');
  desk?.close();
  await clinic.close();
});

it(`a desk that is killed ${KILLS} times loses nothing that it showed, and gives no number twice (MEDLANE_SEED=${SEED})`, {
  timeout: 600_000,
}, async () => {
  const { queueId } = await furniture(await clinic.as('admin'));
  const userId = (await (await clinic.as('rec', 'receptionist')).auth.me()).id;
  desk = await openTestDesk(clinic, 'R1');
  desk.as(userId);
  await desk.core().beat();
  const chance = createChance(SEED);
  const shown: string[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const args = ['tests/support/desk-process.ts', desk.folder, 'R1', userId, queueId, String(NOON + kill * 5000)];
    running = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    // Killed after the n-th thing that it said, or a moment later: in the middle of the next one.
    let left = 1 + Math.floor(chance.next() * 8);
    const moment = Math.floor(chance.next() * 6);
    const ended = once(running, 'exit');
    for await (const line of createInterface({ input: running.stdout as NodeJS.ReadableStream })) {
      // What was written when it died was shown, whole or not at all.
      if (/^\S+ [0-9a-f-]{36}$/.test(line)) shown.push(line);
      left -= 1;
      if (left === 0) setTimeout(() => running?.kill('SIGKILL'), moment);
    }
    await ended;
  }

  clinic.time.pass(KILLS * 5000);
  desk.crash();
  await desk.core().beat();
  const { accessToken } = await client(clinic.url).auth.login({ identifier: 'rec', password: PASSWORD });
  const server = client(clinic.url, accessToken);
  const visits = new Map((await server.visits.list({ state: ['waiting'] })).items.map((visit) => [visit.id, visit]));
  const numbers = shown.map((line) => line.split(' ')[0]);
  expect(new Set(numbers).size).toBe(shown.length);
  expect(shown.length).toBeGreaterThan(KILLS * 2);
  for (const line of shown) {
    const [label = '', id = ''] = line.split(' ');
    if (label.startsWith('R1-P')) expect((await server.patients.list({ q: label })).items).toMatchObject([{ id }]);
    else expect([label, visits.get(id)?.token]).toEqual([label, label]);
  }
  const left = desk.outbox().all();
  expect(left.filter(({ state }) => state !== 'confirmed')).toEqual([]);
});
