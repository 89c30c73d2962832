import type Database from 'better-sqlite3';
import { fillPlaceholders } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/sqlite-proxy';
import { type Builder, type Connection, partsOf, type Statement } from './connection.ts';
import type { Tables } from './schema.ts';

/** What Drizzle knows of a prepared query: its text, its parameters with their encoders, and what its rows mean. */
type Prepared = Readonly<{
  getQuery: () => { sql: string; params: unknown[] };
  mapAllResult: (rows: unknown) => unknown;
}>;

/** SQLite has no booleans; where a column does not stand beside a placeholder, Drizzle leaves one as it is. */
const bound = (values: readonly unknown[]) =>
  values.map((value) => (typeof value === 'boolean' ? Number(value) : value));

/**
 * A connection over better-sqlite3. Its driver is synchronous: a statement has run when the call returns, and the
 * promise is only for the sake of the other dialect.
 */
export function sqliteConnection(database: Database.Database, t: Tables): Connection {
  const compiled = new Map<string, Database.Statement>();
  const compile = (text: string) => {
    let statement = compiled.get(text);
    if (!statement) {
      statement = database.prepare(text);
      if (statement.reader) statement.raw(true);
      compiled.set(text, statement);
    }
    return statement;
  };
  const execute = (text: string, values: readonly unknown[]): unknown[] => {
    const statement = compile(text);
    if (statement.reader) return statement.all(bound(values));
    statement.run(bound(values));
    return [];
  };
  const db = drizzle(async (text, values) => ({ rows: execute(text, values) })) as Builder;

  const prepared = new Map<Statement<unknown>, Prepared & { text: string; params: unknown[] }>();
  const run = (query: Statement<unknown>, values: Record<string, unknown>): unknown => {
    let ready = prepared.get(query);
    if (!ready) {
      const made = (query.build(partsOf(db, t)) as unknown as { prepare: () => Prepared }).prepare();
      const { sql: text, params } = made.getQuery();
      ready = Object.assign(made, { text, params });
      prepared.set(query, ready);
    }
    return ready.mapAllResult(execute(ready.text, fillPlaceholders(ready.params, values)));
  };

  const rawStatements = new Map<string, Database.Statement>();
  const raw = (text: string, params: readonly unknown[]): unknown[] => {
    let statement = rawStatements.get(text);
    if (!statement) {
      statement = database.prepare(text);
      rawStatements.set(text, statement);
    }
    if (statement.reader) return statement.all(params);
    statement.run(params);
    return [];
  };

  return {
    dialect: 'sqlite',
    t,
    db,
    rows: async <Row>(query: Statement<Row>, params = {}) => run(query, params) as Row[],
    raw: async <Row>(text: string, params: unknown[]) => raw(text, params) as Row[],
    // At once, and failing at once: after some errors SQLite has ended the transaction by itself.
    send: (query, params = {}) => void (typeof query === 'string' ? raw(query, []) : run(query, params)),
    settled: async () => {},
    ready: async () => {},
    async execute(script) {
      database.exec(script);
    },
    async close() {
      database.close();
    },
  };
}
