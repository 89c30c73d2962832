import type { EventName, EventPayload } from '../../contract/events.ts';
import type { Actor } from '../actor.ts';
import { type Builder, type Connection, type Reader, readerOf, type Statement } from './connection.ts';

/** Reads and writes inside one command's savepoint; dead when the command has settled. */
export type Tx = Omit<Reader, 'db'> &
  Readonly<{
    db: Builder;
    /** Sends a change; the command fails when it could not be made. */
    send: (query: Statement<unknown>, params?: Record<string, unknown>) => void;
  }>;

/** What a command tells of itself: whose record it touched, and what changed. */
export type Trace = Readonly<{
  action?: string;
  resource?: string;
  resourceId?: string;
  patientId?: string;
  before?: Readonly<Record<string, unknown>>;
  after?: Readonly<Record<string, unknown>>;
  outcome?: string;
  /** For what belongs to a branch although its actor does not (a sign-in). */
  actor?: Actor;
}>;

/** How a command speaks while it runs. */
export type Voice = Readonly<{
  emit: <N extends EventName>(event: N, payload: EventPayload<N>) => void;
  record: (trace: Trace) => void;
}>;

/** Collects what a command says; nothing of it counts when the command is rolled back, but whose record it was. */
export function createVoice() {
  let events: { event: string; payload: Record<string, unknown> }[] = [];
  let trace: Trace = {};
  const voice: Voice = {
    emit: (event, payload) => {
      events.push({ event, payload: payload as Record<string, unknown> });
    },
    record: (more) => {
      trace = { ...trace, ...more };
    },
  };
  const forget = () => {
    events = [];
    const { before: _before, after: _after, ...whose } = trace;
    trace = whose;
  };
  return { voice, forget, events: () => events, trace: () => trace };
}

/** A handle that works until it is revoked: a promise that a handler forgot cannot write outside its command. */
export function createTx(connection: Connection): { tx: Tx; revoke: () => void } {
  let alive = true;
  const check = () => {
    if (!alive) throw new Error('This command has settled: its transaction is over.');
  };
  const checked = <F extends (...given: never[]) => unknown>(work: F): F =>
    ((...given: Parameters<F>) => {
      check();
      return work(...given);
    }) as F;
  const reader = readerOf(connection);
  const tx: Tx = {
    dialect: connection.dialect,
    t: connection.t,
    get db() {
      check();
      return connection.db;
    },
    rows: checked(reader.rows),
    row: checked(reader.row),
    raw: checked(reader.raw),
    send: checked((query: Statement<unknown>, params?: Record<string, unknown>) => connection.send(query, params)),
  };
  return { tx, revoke: () => (alive = false) };
}
