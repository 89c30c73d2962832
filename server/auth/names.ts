import { createHash } from 'node:crypto';
import { and, eq, inArray, ne } from 'drizzle-orm';
import { keysOf, namesOf } from '../../domain/people.ts';
import type { Reader } from '../db/connection.ts';
import type { Tx } from '../db/scope.ts';
import type { UserRow } from './user-rows.ts';

type Rows = Pick<Reader, 't'> & { db: Pick<Reader['db'], 'select'> };
type Named = Pick<UserRow, 'id' | 'branchId' | 'username' | 'code' | 'email' | 'phone'>;

/** Without what looks like something else, and with a digit in each: no name that people choose. */
const LETTERS = 'ABCDEFGHJKMNPQRSTVWXYZ';
const DIGITS = '23456789';

/** Whoever is meant by a name, code, e-mail address or telephone. */
export async function userNamed({ t, db }: Rows, identifier: string): Promise<UserRow | undefined> {
  const [found] = await db
    .select({ user: t.users })
    .from(t.signInNames)
    .innerJoin(t.users, eq(t.users.id, t.signInNames.userId))
    .where(inArray(t.signInNames.key, keysOf(identifier)))
    .limit(1);
  return found?.user;
}

/** Which of these names somebody else has already; null when they are free. */
export async function takenName({ t, db }: Rows, user: Named): Promise<string | null> {
  const names = namesOf(user);
  const keys = names.map(({ key }) => key);
  const [taken] = await db
    .select({ key: t.signInNames.key })
    .from(t.signInNames)
    .where(and(inArray(t.signInNames.key, keys), ne(t.signInNames.userId, user.id)));
  const kind = names.find(({ key }) => key === taken?.key)?.kind;
  return kind ? user[kind] : null;
}

/** Writes what somebody signs in by; what they signed in by before is free again. */
export async function writeNames({ t, db }: Tx, user: Named): Promise<void> {
  await db.delete(t.signInNames).where(eq(t.signInNames.userId, user.id));
  const whose = { userId: user.id, branchId: user.branchId };
  await db.insert(t.signInNames).values(namesOf(user).map((name) => ({ ...name, ...whose })));
}

/** A code that nobody has: made from the account's id, which is random. */
export async function freshCode({ t, db }: Rows, id: string): Promise<string> {
  for (let attempt = 0; ; attempt += 1) {
    const bytes = createHash('sha256').update(`${id} ${attempt}`).digest();
    const of = (alphabet: string, at: number) => alphabet[(bytes[at] ?? 0) % alphabet.length];
    const code = [LETTERS, DIGITS, LETTERS, DIGITS, LETTERS, DIGITS].map(of).join('');
    const taken = await db.select().from(t.signInNames).where(eq(t.signInNames.key, code.toLowerCase()));
    if (taken.length === 0) return code;
  }
}
