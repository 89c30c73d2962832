import type Database from 'better-sqlite3';
import { is, Param, Placeholder } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/sqlite-proxy';
import { type Builder, type Connection, partsOf, type Statement } from './connection.ts';
import type { Tables } from './schema.ts';

/** What Drizzle knows of a prepared query: its text, its parameters with their encoders, and what its rows mean. */
type Prepared = Readonly<{
  getQuery: () => { sql: string; params: unknown[] };
  mapAllResult: (rows: unknown) => unknown;
}>;

/** SQLite has no booleans; where a column does not stand beside a placeholder, Drizzle leaves one as it is. */
const bindable = (value: unknown): unknown => (typeof value === 'boolean' ? Number(value) : value);

type Values = Readonly<Record<string, unknown>>;

/** How each parameter comes from the values given: asked of Drizzle once, where its own way asks at every run. */
const binders = (params: readonly unknown[]) =>
  params.map((param) => {
    const encoded = is(param, Param) && is(param.value, Placeholder) ? param : undefined;
    const named = encoded ? encoded.value : param;
    if (!is(named, Placeholder)) return () => bindable(param);
    const { name } = named as Placeholder;
    return (values: Values): unknown => {
      if (!(name in values)) throw new Error(`Nothing was given for “${name}”.`);
      return bindable(encoded ? encoded.encoder.mapToDriverValue(values[name]) : values[name]);
    };
  });

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
    if (statement.reader) return statement.all(values);
    statement.run(values);
    return [];
  };
  const db = drizzle(async (text, values) => ({ rows: execute(text, values.map(bindable)) })) as Builder;

  const prepared = new Map<Statement<unknown>, Prepared & { text: string; bind: ReturnType<typeof binders> }>();
  const run = (query: Statement<unknown>, values: Values): unknown => {
    let ready = prepared.get(query);
    if (!ready) {
      const made = (query.build(partsOf(db, t)) as unknown as { prepare: () => Prepared }).prepare();
      const { sql: text, params } = made.getQuery();
      ready = Object.assign(made, { text, bind: binders(params) });
      prepared.set(query, ready);
    }
    const rows = execute(
      ready.text,
      ready.bind.map((bind) => bind(values)),
    );
    return ready.mapAllResult(rows);
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
