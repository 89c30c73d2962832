import type { Role } from '../../domain/people.ts';
import { DEFAULT_PATTERN } from '../../domain/registration-number.ts';
import { insertUser } from '../auth/user-rows.ts';
import { dayOf } from '../clinic.ts';
import type { Tx } from '../db/scope.ts';
import { setMeta } from '../feed/feed.ts';
import { insertQueue } from '../visits/queues.ts';

export type NewBranch = Readonly<{
  code: string;
  clinic: string;
  timeZone: string;
  rollOverHour: number;
  demo: boolean;
  openSince: number;
}>;
export type NewAccount = Readonly<{
  username: string;
  name: string;
  roles: Role[];
  passwordHash: string;
  boardId?: string | null;
}>;

type Making = Readonly<{ tx: Tx; id: () => string; now: number }>;

/** The clinic's first branch. */
export async function insertClinic(making: Making, clinic: Omit<NewBranch, 'code'>): Promise<string> {
  const branchId = await insertBranch(making, { code: 'MAIN', ...clinic });
  await setMeta(making.tx, 'setUp', branchId);
  return branchId;
}

/** A branch, without anything in it. */
export async function insertBranch(
  { tx, id, now }: Making,
  { openSince, clinic, ...rules }: NewBranch,
): Promise<string> {
  const branchId = id();
  const openDay = dayOf(rules, openSince).date;
  const fresh = {
    registrationPattern: DEFAULT_PATTERN,
    backupFolder: null,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
  await tx.db.insert(tx.t.branches).values({ id: branchId, name: clinic, openDay, ...rules, ...fresh });
  return branchId;
}

export type Furniture = Readonly<{
  queues: readonly { code: string; name: string }[];
  rooms: readonly { name: string; serves: readonly string[] }[];
  board: string;
}>;

/** What every clinic begins with: one queue, one room, one board. */
export const FIRST_FURNITURE: Furniture = {
  queues: [{ code: 'A', name: 'General' }],
  rooms: [{ name: 'Room 1', serves: ['A'] }],
  board: 'Waiting room',
};

/** Queues, the rooms that serve them, and a board of all of them. Answers their ids by code and name. */
export async function furnish({ tx, id, now }: Making, branchId: string, furniture: Furniture) {
  const queues: Record<string, string> = {};
  const rooms: Record<string, string> = {};
  for (const { code, name } of furniture.queues) {
    queues[code] = id();
    await insertQueue(tx.db, tx.t, { id: queues[code], branchId, code, name, now });
  }
  const times = { version: 1, createdAt: now, updatedAt: now };
  for (const { name, serves } of furniture.rooms) {
    rooms[name] = id();
    const queueIds = serves.map((code) => queues[code] as string);
    await tx.db
      .insert(tx.t.rooms)
      .values({ id: rooms[name], branchId, name, nameKey: name.toLowerCase(), capacity: 1, queueIds, ...times });
  }
  const boardId = id();
  await tx.db.insert(tx.t.boards).values({
    id: boardId,
    branchId,
    name: furniture.board,
    names: 'none',
    queueIds: Object.values(queues),
    notice: null,
    ...times,
  });
  return { queues, rooms, boardId };
}

export async function insertAccounts(
  making: Making,
  branchId: string,
  accounts: readonly NewAccount[],
): Promise<Record<string, string>> {
  const ids: Record<string, string> = {};
  for (const account of accounts) {
    ids[account.username] = making.id();
    await insertUser(making.tx, { id: ids[account.username] as string, branchId, now: making.now, ...account });
  }
  return ids;
}
