import { getTableColumns, getTableName, type Table } from 'drizzle-orm';
import pino from 'pino';
import { type MockInstance, vi } from 'vitest';
import type { Store } from '../../server/db/open.ts';
import * as tables from '../../server/db/schema.sqlite.ts';
import { root } from './process.ts';

/** What a server wrote and refused while people entrusted things to it that are marked, and what of those can be found there. */

/** An answer that is not what was asked for, with what was sent. */
export type Refusal = Readonly<{ asked: string; sent: Record<string, unknown>; status: number; text: string }>;

/** What an answer gives to one person alone. */
const GIVEN = ['accessToken', 'refreshToken', 'csrfToken', 'draftSecret', 'vouch', 'secret', 'recoveryKit', 'ticket'];

/** Every text in a value, with the names that lead to it. */
function leaves(value: unknown, path = ''): { path: string; text: string }[] {
  if (typeof value !== 'object' || value === null) return [{ path, text: String(value) }];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path ? `${path}.${key}` : key));
}
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** The ways in which a text may be written down. */
function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const plain = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), secret.replace(/[\s-]/g, '')];
  // In the middle of other bytes only what does not depend on its neighbours is the same.
  return [...plain.map((text) => text.toLowerCase()), bytes.toString('base64url').slice(0, -2), bytes.toString('hex')];
}

/** Which of the secrets stand in a text. Ids are of chance, and might hold six digits of a code. */
export function foundIn(text: string, secrets: Iterable<string>): string[] {
  const without = text.replace(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/gi, 'id');
  const low = without.toLowerCase();
  const isIn = (secret: string) =>
    spellings(secret).some((spelling) => low.includes(spelling) || without.includes(spelling));
  return [...new Set(secrets)].filter(isIn);
}

const SNAKES = Object.values(tables).flatMap((table) => {
  const names = Object.values(getTableColumns(table as Table)).map(({ name }) => name);
  return [getTableName(table as Table), ...names].filter((name) => name.includes('_'));
});
const TABLES = Object.values(tables).map((table) => getTableName(table as Table));
const INSIDES: Readonly<Record<string, RegExp>> = {
  'a stack': /^\s*at .+[:(<]|\bat .+:\d+:\d+|node:internal/m,
  'a path': /node_modules|file:\/\/|\.[cm]?[jt]s:\d|(^|[\s"'(`])(\/(home|tmp|var|usr|work|opt|root)\/|[A-Z]:\\)/m,
  SQL: /\b(select|insert into|update|delete from)\b.*\b(from|values|set|where|returning)\b|Failed query|\bparams:/is,
  'a database': /sqlite|postgres|drizzle|constraint failed|no such (table|column)|relation "|savepoint/i,
  'a table': new RegExp(`\\b(${SNAKES.join('|')})\\b|["\`](${TABLES.join('|')})["\`]|\\b(${TABLES.join('|')})\\.[a-z]`),
};

/** What a text tells of the inside of the server. */
export const insidesIn = (text: string): string[] => [
  ...Object.entries(INSIDES).flatMap(([what, pattern]) => (pattern.test(text) ? [what] : [])),
  ...(text.includes(root.replace(/\/$/, '')) ? ['a path'] : []),
];

/** What a refusal tells that it must not: of the inside, and of secrets that are not the named field's own, as it was sent. */
export function toldBy({ sent, text }: Refusal, secrets: Iterable<string>): string[] {
  const body = parsed(text);
  const { error = body } = body as { error?: { facts?: Record<string, unknown> } };
  // The one secret that a refusal is there to give: what the next step of a sign-in begins with.
  const { ticket: _ticket, ...facts } = (error as { facts?: Record<string, unknown> }).facts ?? {};
  const texts = leaves(typeof error === 'object' ? { ...error, facts } : error);
  const fields = texts.filter(({ path }) => /^details\.\d+\.field$/.test(path)).map((leaf) => leaf.text);
  const own = leaves(sent).filter(({ path }) => fields.includes(path));
  return texts.flatMap((leaf) => {
    const foreign = foundIn(leaf.text, secrets).filter((secret) => !own.some(({ text: was }) => was.includes(secret)));
    const codes = /(^|\.)(code|operation)$/.test(leaf.path);
    return [...foreign, ...(codes ? [] : insidesIn(leaf.text))];
  });
}

/** Listens to what is logged and what is refused in this process, until it is stopped. */
export function listen() {
  const lines: string[] = [];
  const refusals: Refusal[] = [];
  const secrets = new Set<string>();
  const write = (text: unknown) => {
    lines.push(String(text));
    return true;
  };
  const real = globalThis.fetch;

  const learn = (value: unknown) => {
    for (const { path, text } of leaves(value)) {
      const name =
        path
          .replace(/\.\d+$/, '')
          .split('.')
          .at(-1) ?? '';
      if ((GIVEN.includes(name) || name === 'codes') && text.length >= 8) secrets.add(text);
    }
  };
  const noted = async (input: string, init: RequestInit | undefined, answer: Response) => {
    for (const cookie of answer.headers.getSetCookie()) secrets.add(/=([^;]*)/.exec(cookie)?.[1] ?? '');
    secrets.delete('');
    if (!(answer.headers.get('Content-Type') ?? '').includes('json')) return;
    const text = await answer.clone().text();
    learn(parsed(text));
    const url = new URL(input);
    const body = typeof init?.body === 'string' ? parsed(init.body) : {};
    const sent = { ...Object.fromEntries(url.searchParams), ...(typeof body === 'object' ? body : { body }) };
    if (!answer.ok || text.includes('"state":"failed"'))
      refusals.push({ asked: `${init?.method ?? 'GET'} ${url.pathname}`, sent, status: answer.status, text });
  };

  const spies: MockInstance[] = [
    vi.spyOn(pino, 'destination').mockReturnValue({ write } as never),
    vi.spyOn(process.stdout, 'write').mockImplementation(write),
    vi.spyOn(process.stderr, 'write').mockImplementation(write),
    ...(['log', 'info', 'warn', 'error', 'debug'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation((...said) => void lines.push(said.map(String).join(' '))),
    ),
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      const answer = await real(input, init);
      await noted(String(input), init, answer);
      return answer;
    }),
  ];
  return {
    lines,
    refusals,
    secrets,
    /** All that was written, without the time of each line. */
    log: () => {
      const texts = lines.flatMap((line) => leaves(parsed(line)).filter(({ path }) => path !== 'time'));
      return texts.map(({ path, text }) => `${path} ${text}`).join('\n');
    },
    stop: () => {
      for (const spy of spies) spy.mockRestore();
    },
  };
}
export type Heard = ReturnType<typeof listen>;

/** A database that repeats in its errors what it was given: those of these tables. */
export async function makeQuoting({ dialect, writer }: Store): Promise<void> {
  const quoted = { patients: ['name', 'address'], visit_notes: ['text'], pins: ['hash'], sessions: ['id'] };
  if (dialect === 'postgres')
    await writer.execute(`CREATE FUNCTION quoting() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'not this: %', to_jsonb(NEW); END $$`);
  for (const [table, columns] of Object.entries(quoted)) {
    const event = table === 'visit_notes' ? 'UPDATE' : 'INSERT';
    const row = columns.map((column) => `NEW.${column}`).join(` || ' ' || `);
    await writer.execute(
      dialect === 'postgres'
        ? `CREATE TRIGGER quoting BEFORE ${event} ON ${table} FOR EACH ROW EXECUTE FUNCTION quoting()`
        : `CREATE TRIGGER quoting_${table} BEFORE ${event} ON ${table} BEGIN SELECT RAISE(ABORT, ${row}); END`,
    );
  }
}

/** Does something while a table is not where the server looks for it. */
export async function without<T>({ writer }: Store, table: string, work: () => Promise<T>): Promise<T> {
  await writer.execute(`ALTER TABLE ${table} RENAME TO away`);
  try {
    return await work();
  } finally {
    await writer.execute(`ALTER TABLE away RENAME TO ${table}`);
  }
}
