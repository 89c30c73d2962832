import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createChance } from '../day/random.ts';
import { client, ended, furniture, PASSWORD } from '../support/clinic.ts';
import { type ServerProcess, startProcess } from '../support/process.ts';
import { untilAnswered } from '../support/until-answered.ts';

/** How often the server's process is killed; `MEDLANE_KILLS=1000` for more. */
const KILLS = Number(process.env['MEDLANE_KILLS'] ?? 50);
const SEED = Number(process.env['MEDLANE_SEED'] ?? Date.now() % 1e6);
const DESKS = 4;

let data: string;
let server: ServerProcess;
beforeAll(async () => {
  data = mkdtempSync(path.join(tmpdir(), 'medlane-kill-'));
  server = await startProcess(data);
});
afterAll(async () => {
  await server.kill();
  rmSync(data, { recursive: true, force: true });
});

it(`a server that is killed ${KILLS} times keeps all that it answered, once (MEDLANE_SEED=${SEED})`, {
  timeout: 1_200_000,
}, async () => {
  const administrator = { name: 'Admin', username: 'admin', password: PASSWORD };
  await client(server.url).setup.host({ clinic: 'Test', timeZone: 'Asia/Karachi', administrator });
  const signIn = async (identifier: string) => {
    const { accessToken } = await client(server.url).auth.login({ identifier, password: PASSWORD });
    return client(server.url, accessToken);
  };
  const admin = await signIn('admin');
  await admin.users.create({ username: 'rosa', name: 'Rosa', password: PASSWORD, roles: ['receptionist'] });
  const reception = await signIn('rosa');
  const { queueId } = await furniture(reception);

  const answered = new Map<string, { patientId: string; token: string; cancelled: boolean }>();
  let over = false;
  let failed: unknown = null;
  let commands = 0;
  const command = () => {
    commands += 1;
    return { commandId: `command-${commands}` };
  };
  const work = async () => {
    while (!over) {
      const [registering, issuing, cancelling] = [command(), command(), command()];
      const person = await untilAnswered(() => reception.patients.register({ name: 'Somebody' }, registering));
      const visit = await untilAnswered(() => reception.visits.issue({ patientId: person.id, queueId }, issuing));
      answered.set(visit.id, { patientId: person.id, token: visit.token, cancelled: false });
      if (answered.size % 3 > 0) continue;
      const { id } = visit;
      await untilAnswered(() => reception.visits.cancel({ id, reason: 'left' }, cancelling));
      answered.set(id, { patientId: person.id, token: visit.token, cancelled: true });
    }
  };
  const desks = Array.from({ length: DESKS }, () =>
    work().catch((error) => {
      failed ??= error;
    }),
  );

  const chance = createChance(SEED);
  for (let kill = 0; kill < KILLS && failed === null; kill += 1) {
    // Once it has answered a few times, and then at any moment of the next answers.
    const enough = answered.size + 1 + Math.floor(chance.next() * 6);
    while (answered.size < enough && failed === null) await new Promise(setImmediate);
    await new Promise((resolve) => setTimeout(resolve, chance.between(0, 12)));
    await server.kill();
    server = await startProcess(data, { port: server.port });
  }
  over = true;
  await Promise.all(desks);
  expect(failed).toBeNull();

  const visits = new Map<string, Awaited<ReturnType<typeof reception.visits.get>>>();
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await reception.visits.list({ limit: 200, ...(cursor ? { cursor } : {}) });
    for (const visit of page.items) visits.set(visit.id, visit);
    cursor = page.nextCursor;
  }
  expect(visits.size).toBe(answered.size);
  expect(new Set([...visits.values()].map(({ token }) => token)).size).toBe(answered.size);
  for (const [id, { patientId, token, cancelled }] of answered) {
    expect(visits.get(id)).toMatchObject({ patientId, token, state: cancelled ? 'cancelled' : 'waiting' });
  }
  // A number was never used up by a command that came to nothing.
  expect([...visits.values()].map(({ token }) => Number(token.slice(2))).sort((a, b) => a - b)).toEqual(
    Array.from({ length: answered.size }, (_, index) => index + 1),
  );
  const administration = await signIn('admin');
  const { items } = await administration.audit.list({ action: 'visits.issue', limit: 1 });
  expect(items).toHaveLength(1);
  expect(await ended(administration, await administration.audit.verify({}))).toMatchObject({ state: 'done' });
});
