import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { client, DIALECTS, furniture, PASSWORD } from '../support/clinic.ts';
import { createDatabase } from '../support/postgres.ts';
import { type ServerProcess, startProcess } from '../support/process.ts';
import { untilAnswered } from '../support/until-answered.ts';

const DESKS = 32;

/** A clinic in a process of its own, set up with one administrator who is also a receptionist. */
async function hosted(dialect: (typeof DIALECTS)[number]) {
  const data = mkdtempSync(path.join(tmpdir(), 'medlane-first-'));
  const database = dialect === 'postgres' ? await createDatabase(inject('postgres')) : undefined;
  const env: Record<string, string> = database
    ? { MEDLANE_DATABASE: database, MEDLANE_DATABASE_DISK_IS_ENCRYPTED: 'yes' }
    : {};
  const server = await startProcess(data, { env });
  const administrator = { name: 'Admin', username: 'admin', password: PASSWORD };
  await client(server.url).setup.host({ clinic: 'Test', timeZone: 'Asia/Karachi', administrator });
  const admin = client(
    server.url,
    (await client(server.url).auth.login({ identifier: 'admin', password: PASSWORD })).accessToken,
  );
  await admin.users.create({ username: 'rosa', name: 'Rosa', password: PASSWORD, roles: ['receptionist'] });
  const token = (await client(server.url).auth.login({ identifier: 'rosa', password: PASSWORD })).accessToken;
  return {
    data,
    env,
    server,
    token,
    admin,
    adminToken: (await client(server.url).auth.login({ identifier: 'admin', password: PASSWORD })).accessToken,
  };
}

describe.each(DIALECTS)('%s: 32 desks at the first instant of a day', (dialect) => {
  it('get the numbers 1 to n, without gap and without error', async () => {
    const { data, server, token } = await hosted(dialect);
    const desk = client(server.url, token);
    const { queueId } = await furniture(desk);
    const patients = await Promise.all(
      Array.from({ length: DESKS }, (_, index) => desk.patients.register({ name: `Patient ${index}` })),
    );
    const tokens = await Promise.all(
      patients.flatMap(({ id: patientId }) =>
        [0, 1, 2].map(() => desk.visits.issue({ patientId, queueId, confirmRepeat: true })),
      ),
    );
    expect(tokens.map(({ token: label }) => label).sort()).toEqual(labels(DESKS * 3));
    expect(await server.stop()).toBe(0);
    rmSync(data, { recursive: true, force: true });
  });

  it('lose and double nothing when the server is killed under them', async () => {
    const { data, env, server, token } = await hosted(dialect);
    let running: ServerProcess = server;
    const desk = client(server.url, token);
    const { queueId } = await furniture(desk);
    const patients = await Promise.all(
      Array.from({ length: DESKS }, (_, index) => desk.patients.register({ name: `Patient ${index}` })),
    );

    const acknowledged = new Map<string, string>();
    const each = patients.map(async ({ id: patientId }, index) => {
      for (let turn = 0; turn < 12; turn += 1) {
        const commandId = `desk-${index}-turn-${turn}`;
        const visit = await untilAnswered(() =>
          desk.visits.issue({ patientId, queueId, confirmRepeat: true }, { commandId }),
        );
        acknowledged.set(commandId, visit.token);
      }
    });
    // Three times, whenever a third more has been acknowledged: killed in the middle of whatever it was doing.
    for (const part of [1, 2, 3]) {
      while (acknowledged.size < (DESKS * 12 * part) / 4) await new Promise((resolve) => setTimeout(resolve, 5));
      await running.kill();
      running = await startProcess(data, { port: server.port, env });
    }
    await Promise.all(each);

    const issued = [...acknowledged.values()];
    expect([...issued].sort()).toEqual(labels(DESKS * 12));
    const stored = (await desk.visits.list({ state: ['waiting'] })).items.map(({ token: label }) => label);
    expect([...stored].sort()).toEqual([...issued].sort());
    // A command asked for once more still gets the answer that it got the first time.
    for (const [commandId, label] of [...acknowledged].slice(0, 10)) {
      const patientId = patients[Number(commandId.split('-')[1])]?.id ?? '';
      expect((await desk.visits.issue({ patientId, queueId, confirmRepeat: true }, { commandId })).token).toBe(label);
    }
    expect(await running.stop()).toBe(0);
    rmSync(data, { recursive: true, force: true });
  });
});

const labels = (count: number) =>
  Array.from({ length: count }, (_, index) => `A-${String(index + 1).padStart(3, '0')}`).sort();
