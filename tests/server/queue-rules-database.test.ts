import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowedPairs } from '../../domain/visit.ts';
import { databaseKey } from '../../server/backup/copy.ts';
import { openStore, type Store } from '../../server/db/open.ts';
import { keyFromFile } from '../../server/keys.ts';
import { DIALECTS, furniture, type World, world } from '../support/clinic.ts';

/** The clinic's database from outside the server: what a careless script could do to it. */
const storeOf = ({ options: { database, folder } }: World): Promise<Store> =>
  openStore(
    database
      ? { dialect: 'postgres', url: database }
      : { dialect: 'sqlite', file: folder.database, key: databaseKey(keyFromFile(folder.keyFile, true).bytes) },
  );

describe.each(DIALECTS)('the database itself, on %s', (dialect) => {
  let clinic: World;
  let store: Store;
  beforeAll(async () => {
    clinic = await world({ dialect });
    store = await storeOf(clinic);
  });
  afterAll(async () => {
    await store.close();
    await clinic.close();
  });

  const aStep = async () => {
    const reception = await clinic.as('rosa', 'receptionist');
    const { queueId } = await furniture(reception);
    const patient = await reception.patients.register({ name: 'Ali Khan' });
    return (await reception.visits.issue({ patientId: patient.id, queueId })).stepId;
  };
  const stateOf = async (id: string) =>
    (await store.writer.raw<{ state: string }>('SELECT state FROM steps WHERE id = ?', [id]))[0]?.state;

  it('knows exactly the transitions that the program knows', async () => {
    const rows = await store.writer.raw<{ from_state: string; command: string; to_state: string }>(
      'SELECT from_state, command, to_state FROM step_transitions',
      [],
    );
    const stored = rows.map((row) => `${row.from_state} ${row.command} ${row.to_state}`).sort();
    expect(stored).toEqual(
      allowedPairs()
        .map(({ from, command, to }) => `${from} ${command} ${to}`)
        .sort(),
    );
  });

  it('refuses a transition that is not in the table, whoever writes it', async () => {
    const id = await aStep();
    const move = (state: string, command: string) =>
      store.writer.raw('UPDATE steps SET state = ?, last_command = ? WHERE id = ?', [state, command, id]);
    await expect(move('done', 'finish')).rejects.toThrow(/no such transition/);
    await expect(move('in_room', 'enter')).rejects.toThrow(/no such transition/);
    await expect(move('called', 'finish')).rejects.toThrow(/no such transition/);
    expect(await stateOf(id)).toBe('waiting');
    await move('called', 'call');
    expect(await stateOf(id)).toBe('called');
    await expect(move('done', 'finish')).rejects.toThrow(/no such transition/);
  });

  it('refuses a step that was not born waiting', async () => {
    const id = await aStep();
    const columns = Object.keys((await store.writer.raw<object>('SELECT * FROM steps WHERE id = ?', [id]))[0] ?? {});
    const list = columns.map((name) => `"${name}"`).join(', ');
    const changed: Record<string, string> = { id: "'copy'", sequence: 'sequence + 100', state: "'done'" };
    const copy = columns.map((name) => changed[name] ?? `"${name}"`).join(', ');
    const insert = store.writer.raw(`INSERT INTO steps (${list}) SELECT ${copy} FROM steps WHERE id = ?`, [id]);
    await expect(insert).rejects.toThrow(/a step begins waiting/);
    expect(await stateOf('copy')).toBeUndefined();
  });

  it.each(['steps', 'visits', 'patients', 'visit_history', 'audit'])('never deletes from %s', async (table) => {
    await aStep();
    const count = async () => (await store.writer.raw(`SELECT 1 AS one FROM ${table}`, [])).length;
    const before = await count();
    await expect(store.writer.raw(`DELETE FROM ${table}`, [])).rejects.toThrow();
    expect(before).toBeGreaterThan(0);
    expect(await count()).toBe(before);
  });

  it('refuses two visits with the same number in one queue and day', async () => {
    const id = await aStep();
    const visit = (
      await store.writer.raw<Record<string, unknown>>('SELECT * FROM visits WHERE current_step_id = ?', [id])
    )[0];
    const columns = Object.keys(visit ?? {});
    const list = columns.map((name) => `"${name}"`).join(', ');
    const copy = columns.map((name) => (name === 'id' ? "'twin'" : `"${name}"`)).join(', ');
    await expect(
      store.writer.raw(`INSERT INTO visits (${list}) SELECT ${copy} FROM visits WHERE current_step_id = ?`, [id]),
    ).rejects.toThrow();
  });
});
