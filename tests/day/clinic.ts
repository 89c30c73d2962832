import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createClient } from '../../contract/client.ts';
import { httpTransport } from '../../contract/http.ts';
import { api } from '../../contract/index.ts';
import type { Role } from '../../domain/people.ts';
import type { Ledger } from './ledger.ts';
import { type Mishaps, type Person, signIn } from './person.ts';
import { type Chance, sleep } from './random.ts';
import { type Account, root } from './server.ts';
import { createWire } from './wire.ts';

export type Place = Readonly<{ id: string; name: string; queueIds: readonly string[]; capacity: number }>;
export type Known = Readonly<{ id: string; name: string; birthDate: string | null }>;

/** Where the day is played, and by whom. */
export type Stage = Readonly<{
  url: string;
  admin: Person;
  desks: readonly Person[];
  /** Who works in which room. */
  rooms: readonly Readonly<{ person: Person; room: Place }>[];
  display: Account | null;
  boardId: string;
  queues: ReadonlyMap<string, Readonly<{ id: string; code: string }>>;
  /** Patients with a record and without a token today, in the order in which they come. */
  pool: Known[];
  /** Where the feed and each queue's numbers stood when the day began. */
  before: Readonly<{ seq: number; tokens: ReadonlySet<string> }>;
}>;

type Town = Readonly<{ url: string; ledger: Ledger; chance: Chance; mishaps: Mishaps }>;

const PASSWORD = 'a-long-day-in-the-clinic';
const STAFF: readonly (readonly [username: string, name: string, roles: readonly Role[]])[] = [
  ['desk1', 'Rosa Dizon', ['receptionist']],
  ['desk2', 'Bilal Ahmed', ['receptionist']],
  ['desk3', 'Mei Tan', ['receptionist']],
  ['desk4', 'Joseph Otieno', ['receptionist', 'nurse']],
  ['doctor1', 'Dr. Sana Malik', ['doctor']],
  ['doctor2', 'Dr. Ramon Cruz', ['doctor']],
  ['doctor3', 'Dr. Ines Moreau', ['doctor']],
  ['doctor4', 'Dr. Adaeze Obi', ['doctor']],
  ['doctor5', 'Dr. Li Wei', ['doctor']],
  ['nurse1', 'Priya Nair', ['nurse']],
  ['pharmacist1', 'Imran Qureshi', ['pharmacist']],
];

/** Makes a clinic on an empty server: accounts, queues, rooms, a board, and the 1,171 patients by import. */
export async function makeClinic(town: Town): Promise<{ accounts: Account[]; boardId: string }> {
  const wire = createWire();
  const server = createClient(api, httpTransport({ base: town.url, fetch: wire.fetch, headers: () => ({}) }));
  const boss = { username: 'matron', password: PASSWORD, roles: ['admin'] };
  await server.setup.host({
    clinic: 'Harbour Street Clinic',
    timeZone: zoneWithDaylight(),
    administrator: { name: 'Amna Farooq', username: boss.username, password: PASSWORD },
  });
  wire.close();
  const admin = await signIn({ ...town, mishaps: { doubleClick: 0, lostAnswer: 0 } }, boss);
  await importPatients(admin);
  const queues = await furnish(admin);
  const board = must(
    await admin.tell('boards.create', { name: 'Hall', queueIds: queues, notice: 'Please keep your token.' }),
  );
  const people: [string, string, readonly Role[], string | null][] = [
    ...STAFF.map((one): [string, string, readonly Role[], null] => [...one, null]),
    ['hall', 'Hall screen', ['display'], board.id],
  ];
  for (const [username, name, roles, boardId] of people)
    must(await admin.tell('users.create', { username, name, roles: [...roles], boardId, password: PASSWORD }));
  admin.leave();
  return {
    accounts: [boss, ...people.map(([username, , roles]) => ({ username, roles, password: PASSWORD }))],
    boardId: board.id,
  };
}

async function furnish(admin: Person): Promise<string[]> {
  const first = (await admin.ask.queues.list()).items[0]?.id as string;
  const made: string[] = [];
  for (const [code, name] of [
    ['B', 'Children'],
    ['L', 'Laboratory'],
    ['P', 'Pharmacy'],
  ] as const)
    made.push(must(await admin.tell('queues.create', { code, name })).id);
  const [children, laboratory, pharmacy] = made as [string, string, string];
  must(
    await admin.tell('rooms.update', {
      id: (await admin.ask.rooms.list()).items[0]?.id as string,
      name: 'Room 1',
      queueIds: [first],
    }),
  );
  const rooms: [string, string[]][] = [
    ['Room 2', [first]],
    ['Room 3', [first, children]],
    ['Room 4', [first]],
    ['Room 5', [children, first]],
    ['Laboratory', [laboratory]],
    ['Pharmacy', [pharmacy]],
  ];
  for (const [name, queueIds] of rooms) must(await admin.tell('rooms.create', { name, queueIds }));
  return [first, ...made];
}

async function importPatients(admin: Person): Promise<void> {
  const file = new Blob([readFileSync(path.join(root, 'resources/demo/patients.csv'))], { type: 'text/csv' });
  const uploaded = await admin.ask.imports.upload({ filename: 'patients.csv', file });
  const started = must(await admin.tell('imports.start', { id: uploaded.id, mapping: uploaded.mapping }));
  for (let job = started; job.state !== 'done'; job = await admin.ask.jobs.get({ id: job.id })) {
    if (job.state !== 'running') throw new Error(`The import ended as ${job.state}: ${job.problem}`);
    await sleep(100);
  }
}

/** Signs everybody in and looks at what is there. */
export async function openStage(town: Town, accounts: readonly Account[], boardId?: string): Promise<Stage> {
  const withRole = (role: string) => accounts.filter(({ roles }) => roles.includes(role));
  const admin = await signIn(town, withRole('admin')[0] ?? missing('admin'));
  const desks: Person[] = [];
  for (const account of withRole('receptionist')) desks.push(await signIn(town, account));
  const queues = new Map(
    (await admin.ask.queues.list()).items.filter(({ state }) => state === 'open').map((queue) => [queue.id, queue]),
  );
  const tokens = await tokensToday(admin);
  const stage = {
    url: town.url,
    admin,
    desks: desks.length > 0 ? desks : missing('receptionist'),
    rooms: await staffRooms(town, admin, accounts),
    display: withRole('display')[0] ?? null,
    boardId: boardId ?? (await admin.ask.boards.list()).items[0]?.id ?? missing('board'),
    queues,
    pool: await poolOf(admin, town.chance.fork('pool')),
  };
  return { ...stage, before: { tokens, seq: await endOfFeed(admin) } };
}

/** One caller to a room; pharmacists where the pharmacy is. */
async function staffRooms(town: Town, admin: Person, accounts: readonly Account[]) {
  const callers = accounts.filter(
    ({ roles }) =>
      !roles.includes('receptionist') && roles.some((role) => ['doctor', 'nurse', 'pharmacist'].includes(role)),
  );
  const staffed: { person: Person; room: Place }[] = [];
  for (const room of (await admin.ask.rooms.list()).items.filter(({ queueIds }) => queueIds.length > 0)) {
    const pharmacy = /pharm/i.test(room.name);
    const index = callers.findIndex(({ roles }) => roles.includes('pharmacist') === pharmacy);
    const [account] = index < 0 ? [] : callers.splice(index, 1);
    if (account) staffed.push({ room, person: await signIn(town, account) });
  }
  return staffed;
}

async function tokensToday({ ask }: Person): Promise<ReadonlySet<string>> {
  const tokens = new Set<string>();
  let cursor: string | null | undefined;
  do {
    const page = await ask.visits.list({ limit: 500, ...(cursor ? { cursor } : {}) });
    for (const { token } of page.items) tokens.add(token);
    cursor = page.nextCursor;
  } while (cursor);
  return tokens;
}

async function poolOf({ ask }: Person, chance: Chance): Promise<Known[]> {
  const known: Known[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await ask.patients.list({ limit: 500, sort: 'registrationNumber', ...(cursor ? { cursor } : {}) });
    known.push(...page.items.filter(({ openToken }) => openToken === null));
    cursor = page.nextCursor;
  } while (cursor);
  return known
    .map((one) => ({ one, order: chance.next() }))
    .sort((a, b) => a.order - b.order)
    .map(({ one }) => one);
}

async function endOfFeed({ ask }: Person): Promise<number> {
  let since = 0;
  for (;;) {
    const page = await ask.changes.since({ since, limit: 1000 });
    since = page.seq;
    if (!page.more) return since;
  }
}

/** A zone in which it is about ten in the morning: the clinic day does not end while it is played. */
function zoneWithDaylight(): string {
  const ahead = 10 - new Date().getUTCHours();
  return ahead === 0 ? 'Etc/GMT' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}

export function must<T>(told: { ok: true; value: T } | { ok: false; code: string }): T {
  if (!told.ok) throw new Error(`The clinic could not be made ready: ${told.code}`);
  return told.value;
}

const missing = (what: string): never => {
  throw new Error(`The day needs a ${what}, and there is none.`);
};
