import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { clinicDayAt, type DayRule } from '../../domain/clinic-day.ts';
import { commandIdFrom } from '../../domain/numbered.ts';
import type { Role } from '../../domain/people.ts';
import { nobody, operator } from '../../server/actor.ts';
import { createApp } from '../../server/app.ts';
import { insertUser } from '../../server/auth/user-rows.ts';
import { databaseKey } from '../../server/backup/copy.ts';
import { migrate } from '../../server/db/migrate.ts';
import { openStore } from '../../server/db/open.ts';
import type { Tx } from '../../server/db/scope.ts';
import { metaOf } from '../../server/feed/feed.ts';
import { type Ports, realPorts } from '../../server/ports.ts';
import { openVault } from '../../server/vault.ts';
import { createChance } from '../day/random.ts';
import { createIds, randomBytes } from './virtual-time.ts';

/** When and where a run begins. A run lasts some minutes. */
export type Moment = Readonly<{ timeZone: string; rollOverHour: number; at: number }>;

/** Shortly before the clinic's day ends that holds this instant: the run goes on into the next. */
function beforeTheEnd(instant: string, rule: DayRule): Moment {
  return { ...rule, at: clinicDayAt(Date.parse(instant), rule).end - 50_000 };
}
const KARACHI = { timeZone: 'Asia/Karachi', rollOverHour: 0 };
const NEW_YORK = { timeZone: 'America/New_York', rollOverHour: 2 };
const MOMENTS = {
  /** 12:00 on a Wednesday. */
  noon: { ...KARACHI, at: Date.parse('2026-11-18T07:00:00Z') },
  midnight: beforeTheEnd('2026-11-18T07:00:00Z', KARACHI),
  /** The hour at which the day ends comes twice. */
  'clocks go back': beforeTheEnd('2026-10-31T17:00:00Z', NEW_YORK),
  /** The hour at which the day ends is left out. */
  'clocks go forward': beforeTheEnd('2027-03-13T17:00:00Z', NEW_YORK),
} as const satisfies Record<string, Moment>;
export type MomentName = keyof typeof MOMENTS;

/** Most runs are at noon; in each ten there is one at midnight, in each forty one of each change of the clocks. */
export const momentOf = (seed: number): MomentName => {
  if (seed % 40 === 17) return 'clocks go back';
  if (seed % 40 === 37) return 'clocks go forward';
  return seed % 10 === 7 ? 'midnight' : 'noon';
};
export const MASTER = Buffer.alloc(32, 7);
/** Told to the server when it is started on the clinic's rows. */
export const RESOURCES = new URL('../../resources/', import.meta.url);
export const VERSION = '0.0.0-simulation';

/** A desk as the administrator paired it: its place, the room it stands in, who works at it. */
export type Post = Readonly<{
  code: string;
  deviceId: string;
  place: 'reception' | 'doctor' | 'board';
  roomId: string | null;
  userId: string;
}>;

/** A clinic with its furniture, people, patients and paired desks, in a file that each run copies. */
export type PreparedClinic = Readonly<{
  /** When runs begin, ms since 1970. */
  begins: number;
  folder: string;
  file: string;
  branchId: string;
  clinicId: string;
  posts: readonly Post[];
  boards: readonly Post[];
  patients: readonly string[];
  queues: Readonly<Record<'A' | 'B', string>>;
  rooms: readonly string[];
  close: () => void;
}>;

/** On a disk of memory where there is one: a crash is simulated by closing, so nothing here needs a real disk. */
const SCRATCH = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** What a password is worth is not what is simulated. */
export const CHEAP = { memoryCost: 1024, timeCost: 1 };

export async function prepareClinic(name: MomentName = 'noon'): Promise<PreparedClinic> {
  const { at: begins, timeZone, rollOverHour } = MOMENTS[name];
  const folder = mkdtempSync(path.join(SCRATCH, 'medlane-simulation-'));
  const file = path.join(folder, 'prepared.db');
  const chance = createChance(20_261_118);
  const start = begins - 4 * 3_600_000;
  const ports: Ports = {
    ...realPorts,
    now: () => start,
    id: createIds(chance, () => start),
    random: (many) => randomBytes(chance, many),
    hashing: CHEAP,
    after: () => () => undefined,
  };
  const store = await openStore({ dialect: 'sqlite', file, key: databaseKey(MASTER) });
  await store.writer.execute('PRAGMA synchronous=OFF');
  await migrate(store.writer, { now: start });
  const [clinicId, epoch] = [ports.id(), ports.id()];
  const { db, t } = store.writer;
  await db.insert(t.meta).values([
    { key: 'clinicId', value: clinicId },
    { key: 'epoch', value: epoch },
  ]);
  const vault = await openVault(store, MASTER, ports);
  const app = await createApp({
    ...{ store, vault, ports, clinicId, epoch, folder, resources: RESOURCES, version: VERSION },
    master: { bytes: MASTER, from: 'keychain' },
    onBug: (error) => {
      throw error;
    },
  });
  const call = async (name: string, input: Record<string, unknown>, roles: readonly Role[] = ['admin']) =>
    (await app.dispatch({
      ...{ name, input, requestId: ports.id(), commandId: commandIdFrom(ports.id()) },
      actor: name === 'setup.host' ? nobody('local') : { ...operator(await metaOf(store.reader, 'setUp')), roles },
      web: { cookies: {}, csrf: undefined, origin: 'http://127.0.0.1', userAgent: '', setCookie: () => undefined },
      signal: new AbortController().signal,
    })) as { id: string; items: { id: string }[] };

  const administrator = { name: 'Admin', username: 'admin', password: 'correct horse 42' };
  await call('setup.host', { clinic: 'Simulated Clinic', timeZone, administrator });
  await call('settings.update', { rollOverHour });
  const branchId = (await metaOf(store.reader, 'setUp')) ?? '';
  const [A, roomOne, wall] = (
    await Promise.all([call('queues.list', {}), call('rooms.list', {}), call('boards.list', {})])
  ).map(({ items }) => items[0]?.id ?? '') as [string, string, string];
  const { id: B } = await call('queues.create', { code: 'B', name: 'Second' });
  const { id: roomTwo } = await call('rooms.create', { name: 'Room 2', queueIds: [B] });
  const { id: roomThree } = await call('rooms.create', { name: 'Room 3', queueIds: [B] });
  await call('boards.update', { id: wall, queueIds: [A, B] });
  const patients: string[] = [];
  for (const letter of 'ABCDEFGHIJ')
    patients.push((await call('patients.register', { name: `Patient ${letter}` }, ['receptionist'])).id);

  const rooms = [roomOne, roomTwo, roomThree];
  const all: Post[] = [];
  for (const [index, place] of (['reception', 'doctor', 'doctor', 'reception', 'board', 'board'] as const).entries()) {
    const [code, deviceId, userId] = [`R${index + 1}`, ports.id(), ports.id()];
    const times = { createdAt: start, updatedAt: start };
    await insertUser(store.writer as unknown as Tx, {
      ...{ id: userId, branchId, username: `person-${code}`, name: `Person ${code}`, now: start },
      ...{ roles: ['receptionist', 'doctor'], passwordHash: 'nobody signs in here' },
    });
    await db.insert(t.devices).values({
      ...{
        id: deviceId,
        branchId,
        kind: 'desktop',
        name: `Desk ${code}`,
        lastSeenAt: start,
        revokedAt: null,
        ...times,
      },
    });
    await db.insert(t.stations).values({
      ...{ deviceId, branchId, code, place, keyFingerprint: `key of ${code}`, certificateUntil: start * 2 },
      ...{ pairedBy: userId, appVersion: VERSION, unsent: 0, ...times },
    });
    await db.insert(t.sessions).values({
      ...{ id: ports.id(), branchId, userId, deviceId, seed: code, generation: 1, rotatedAt: start },
      ...{ expiresAt: start, endedAt: null, endReason: null, ...times },
    });
    all.push({ code, deviceId, place, userId, roomId: rooms[index] ?? null });
  }
  // A backup is made by a thread of its own, in real time: the next one is not due while anybody plays here.
  await db.insert(t.backups).values({
    ...{ id: ports.id(), at: start + 400 * 86_400_000, path: '', bytes: 0, verified: true, problem: null },
  });
  await app.close();
  return {
    ...{ begins, folder, file, branchId, clinicId, patients, rooms, queues: { A, B } },
    posts: all.filter(({ place }) => place !== 'board'),
    boards: all.filter(({ place }) => place === 'board'),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The clinics of all moments, each made when it is first asked for. */
export function createClinics() {
  const made = new Map<MomentName, Promise<PreparedClinic>>();
  return {
    for(seed: number): Promise<PreparedClinic> {
      const name = momentOf(seed);
      const clinic = made.get(name) ?? prepareClinic(name);
      made.set(name, clinic);
      return clinic;
    },
    async close() {
      for (const clinic of made.values()) (await clinic).close();
    },
  };
}

/** The clinic's rows for one run. */
export function copyOf(prepared: PreparedClinic, folder: string): string {
  const file = path.join(folder, 'medlane.db');
  copyFileSync(prepared.file, file);
  return file;
}
