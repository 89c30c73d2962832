import { drizzle } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import { type Builder, type Connection, partsOf, type Statement } from './connection.ts';
import type { Tables } from './schema.ts';

type Prepared = { execute: (params: Record<string, unknown>) => Promise<unknown> };

/** A connection over one PostgreSQL client, or a pool of them for reading. */
export function postgresConnection(client: pg.Client | pg.Pool, t: Tables, close: () => Promise<void>): Connection {
  const db = drizzle(client) as unknown as Builder;
  const prepared = new Map<Statement<unknown>, Prepared>();
  const run = async (query: Statement<unknown>, params: Record<string, unknown>): Promise<unknown> => {
    let ready = prepared.get(query);
    if (!ready) {
      const name = `medlane_${prepared.size + 1}`;
      ready = (query.build(partsOf(db, t)) as unknown as { prepare: (name: string) => Prepared }).prepare(name);
      prepared.set(query, ready);
    }
    return ready.execute(params);
  };
  const raw = async (text: string, params: unknown[]): Promise<unknown[]> => {
    let index = 0;
    const numbered = text.replace(/\?/g, () => {
      index += 1;
      return `$${index}`;
    });
    return (await client.query(numbered, params)).rows as unknown[];
  };

  const sent = outcomes();
  return {
    dialect: 'postgres',
    t,
    db,
    async rows<Row>(query: Statement<Row>, params: Record<string, unknown> = {}) {
      const result = await run(query, params);
      return (Array.isArray(result) ? result : []) as Row[];
    },
    raw: async <Row>(text: string, params: unknown[]) => (await raw(text, params)) as Row[],
    send: (query, params = {}) => sent.note(() => (typeof query === 'string' ? raw(query, []) : run(query, params))),
    settled: sent.settled,
    ready: async () => {},
    async execute(script) {
      await client.query(script);
    },
    close,
  };
}

/**
 * A connection that is made anew when it was lost. Only `ready` does that: what was lost in the middle of a transaction
 * must fail to its end, not go on outside of it.
 */
export async function reconnecting(connect: (lost: () => void) => Promise<Connection>): Promise<Connection> {
  let lost = false;
  const open = () => {
    lost = false;
    return connect(() => {
      lost = true;
    });
  };
  let current = await open();
  return {
    dialect: 'postgres',
    t: current.t,
    get db() {
      return current.db;
    },
    rows: (query, params) => current.rows(query, params),
    raw: (text, params) => current.raw(text, params),
    send: (query, params) => current.send(query, params),
    settled: () => current.settled(),
    async ready() {
      if (lost) current = await open();
    },
    execute: (script) => current.execute(script),
    close: () => current.close(),
  };
}

/** Gathers what was sent without waiting, and tells what went wrong first. */
function outcomes() {
  let waiting: Promise<unknown>[] = [];
  return {
    note(work: () => unknown): void {
      const outcome = (async () => work())();
      outcome.catch(() => {});
      waiting.push(outcome);
    },
    async settled(): Promise<void> {
      const noted = waiting;
      waiting = [];
      for (const result of await Promise.allSettled(noted)) if (result.status === 'rejected') throw result.reason;
    },
  };
}
