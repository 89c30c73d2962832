import type Database from 'better-sqlite3';
import { type Placeholder, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { SqliteRemoteDatabase } from 'drizzle-orm/sqlite-proxy';
import { drizzle as drizzleProxy } from 'drizzle-orm/sqlite-proxy';
import type { Tables } from './schema.ts';

export type Dialect = 'sqlite' | 'postgres';

/** The query builder's common part; PostgreSQL's own is cast to it once, in `open.ts`. */
export type Builder = SqliteRemoteDatabase<Record<string, never>>;

type Parts = Readonly<{ db: Builder; t: Tables; p: (name: string) => Placeholder }>;

/**
 * A query that is prepared once per connection: build it at module level, run it through a handle. Nobody holds a
 * prepared query of a connection, so none can run outside the transaction that its handle stands for.
 */
export type Statement<Row> = Readonly<{
  build: (parts: Parts) => PromiseLike<Row[]> | PromiseLike<unknown>;
  row?: Row;
}>;
export const statement = <Row>(build: (parts: Parts) => PromiseLike<Row[]>): Statement<Row> => ({ build });
/** A statement that changes rows and returns none. */
export const change = (build: (parts: Parts) => PromiseLike<unknown>): Statement<never> => ({ build });

/** Reads. What it cannot do by its type is write. */
export type Reader = Readonly<{
  dialect: Dialect;
  t: Tables;
  db: Pick<Builder, 'select' | 'selectDistinct'>;
  rows: <Row>(query: Statement<Row>, params?: Record<string, unknown>) => Promise<Row[]>;
  row: <Row>(query: Statement<Row>, params?: Record<string, unknown>) => Promise<Row | undefined>;
  /** Hand-written SQL, for what the dialects do not share; only files in `server/db/` use it. */
  raw: <Row>(text: string, params: unknown[]) => Promise<Row[]>;
}>;

/** One connection with its prepared queries. */
export type Connection = Readonly<{
  dialect: Dialect;
  t: Tables;
  db: Builder;
  rows: Reader['rows'];
  raw: Reader['raw'];
  /** Transaction control and scripts. */
  execute: (script: string) => Promise<void>;
  close: () => Promise<void>;
}>;

const parts = (db: Builder, t: Tables): Parts => ({ db, t, p: (name) => sql.placeholder(name) });

/** A connection over better-sqlite3, whose synchronous driver stands behind Drizzle's asynchronous proxy. */
export function sqliteConnection(database: Database.Database, t: Tables): Connection {
  const cached = new Map<string, Database.Statement>();
  const compile = (text: string) => {
    let compiled = cached.get(text);
    if (!compiled) {
      compiled = database.prepare(text);
      if (compiled.reader) compiled.raw(true);
      cached.set(text, compiled);
    }
    return compiled;
  };
  const db = drizzleProxy(async (text, given) => {
    const compiled = compile(text);
    // Where a column does not stand beside a placeholder, Drizzle leaves a boolean as it is; SQLite has none.
    const params = given.map((value) => (typeof value === 'boolean' ? Number(value) : value));
    if (compiled.reader) return { rows: compiled.all(params) };
    compiled.run(params);
    return { rows: [] };
  }) as Builder;

  type Prepared = { all: (params: Record<string, unknown>) => Promise<unknown> };
  const prepared = new Map<Statement<unknown>, Prepared>();
  const rawCache = new Map<string, Database.Statement>();
  return {
    dialect: 'sqlite',
    t,
    db,
    async rows<Row>(query: Statement<Row>, params: Record<string, unknown> = {}) {
      let ready = prepared.get(query);
      if (!ready) {
        ready = (query.build(parts(db, t)) as unknown as { prepare: () => Prepared }).prepare();
        prepared.set(query, ready);
      }
      return (await ready.all(params)) as Row[];
    },
    async raw<Row>(text: string, params: unknown[]) {
      let compiled = rawCache.get(text);
      if (!compiled) {
        compiled = database.prepare(text);
        rawCache.set(text, compiled);
      }
      if (compiled.reader) return compiled.all(params) as Row[];
      compiled.run(params);
      return [];
    },
    async execute(script) {
      database.exec(script);
    },
    async close() {
      database.close();
    },
  };
}

/** A connection over one PostgreSQL client, or a pool of them for reading. */
export function postgresConnection(
  pgDb: NodePgDatabase<Record<string, never>>,
  client: { query: (text: string, params?: unknown[]) => Promise<{ rows: unknown[] }> },
  t: Tables,
  close: () => Promise<void>,
): Connection {
  type Prepared = { execute: (params: Record<string, unknown>) => Promise<unknown> };
  const db = pgDb as unknown as Builder;
  const prepared = new Map<Statement<unknown>, Prepared>();
  return {
    dialect: 'postgres',
    t,
    db,
    async rows<Row>(query: Statement<Row>, params: Record<string, unknown> = {}) {
      let ready = prepared.get(query);
      if (!ready) {
        const name = `medlane_${prepared.size + 1}`;
        ready = (query.build(parts(db, t)) as unknown as { prepare: (name: string) => Prepared }).prepare(name);
        prepared.set(query, ready);
      }
      const result = await ready.execute(params);
      return (Array.isArray(result) ? result : []) as Row[];
    },
    async raw<Row>(text: string, params: unknown[]) {
      let index = 0;
      const numbered = text.replace(/\?/g, () => {
        index += 1;
        return `$${index}`;
      });
      return (await client.query(numbered, params)).rows as Row[];
    },
    async execute(script) {
      await client.query(script);
    },
    close,
  };
}

export function readerOf(connection: Connection): Reader {
  return {
    dialect: connection.dialect,
    t: connection.t,
    db: connection.db,
    rows: connection.rows,
    row: async (query, params) => (await connection.rows(query, params))[0],
    raw: connection.raw,
  };
}
