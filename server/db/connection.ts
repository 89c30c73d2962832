import { type Placeholder, sql } from 'drizzle-orm';
import type { SqliteRemoteDatabase } from 'drizzle-orm/sqlite-proxy';
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
  /**
   * Sends a change, or transaction control, without waiting for its answer: PostgreSQL takes them in the order sent, and
   * a round trip for each would cost more than all the work. What went wrong comes out here (SQLite) or of `settled`.
   */
  send: (query: Statement<unknown> | string, params?: Record<string, unknown>) => void;
  /** When everything sent was done. @throws the first thing that went wrong since the last time. */
  settled: () => Promise<void>;
  /** Connects anew when the connection was lost. Before a transaction, never inside one. */
  ready: () => Promise<void>;
  /** Scripts of several statements. */
  execute: (script: string) => Promise<void>;
  close: () => Promise<void>;
}>;

export const partsOf = (db: Builder, t: Tables): Parts => ({ db, t, p: (name) => sql.placeholder(name) });

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
