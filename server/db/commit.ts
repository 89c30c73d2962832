import { and, eq } from 'drizzle-orm';
import type { Details, ErrorCode } from '../../contract/errors.ts';
import { ApiError, type FieldError } from '../../contract/kit.ts';
import type { Actor } from '../actor.ts';
import type { Heads, Traces } from '../audit/traces.ts';
import { seal, unseal } from '../keys.ts';
import type { Ports } from '../ports.ts';
import type { PatientKeys } from '../vault.ts';
import { type Connection, change, readerOf, statement } from './connection.ts';
import { createTx, createVoice, type Tx, type Voice } from './scope.ts';

/** One command waiting for its turn. */
export type Work<T = unknown> = Readonly<{
  actor: Actor;
  requestId: string;
  operation: string;
  commandId: string;
  /** Hash of what was asked, so that the same id with another body is noticed. Null: never remembered. */
  bodyHash: string | null;
  /** The answer holds text about the patient of the trace: it is remembered under that patient's key. */
  confidential: boolean;
  /** The system's own housekeeping: an audit entry only when it had something to tell. */
  quiet?: boolean;
  run: (tx: Tx, voice: Voice) => Promise<T>;
}>;

export type FeedEntry = Readonly<{
  seq: number;
  branchId: string;
  at: number;
  event: string;
  payload: Record<string, unknown>;
  commandId: string | null;
}>;

/** A refusal that keeps what the command wrote: a wrong password is refused, and counted. */
export class KeptRefusal extends ApiError {}

/** Refusals that are about the moment, not about the command: asking again may succeed, so they are not remembered. */
const PASSING: readonly ErrorCode[] = [
  'validation_failed',
  'unauthenticated',
  'forbidden',
  'rate_limited',
  'internal',
  'unavailable',
];

/** The hash of a command that will never be done, whatever is in it: its answer was written before it came. */
export const FENCED = '';

type Remembered =
  | Readonly<{ ok: true; value: unknown }>
  | Readonly<{ ok: false; code: ErrorCode; facts: Details; fields: readonly FieldError[] }>;
type Pending = Readonly<{ work: Work; resolve: (value: unknown) => void; reject: (error: unknown) => void }>;
type Stored = Readonly<{ bodyHash: string; answer: Buffer; sealedFor: string | null }>;
/** Answers remembered before, and in this group, by their commands' names. */
type Known = Map<string, Stored>;
type Outcome = Readonly<{ settle: () => void; entries: readonly FeedEntry[] }>;

const findCommand = statement(({ db, t, p }) =>
  db
    .select({ bodyHash: t.commands.bodyHash, answer: t.commands.answer, sealedFor: t.commands.sealedFor })
    .from(t.commands)
    .where(
      and(
        eq(t.commands.actorId, p('actorId')),
        eq(t.commands.deviceId, p('deviceId')),
        eq(t.commands.commandId, p('commandId')),
      ),
    ),
);
const rememberCommand = change(({ db, t, p }) =>
  db.insert(t.commands).values({
    actorId: p('actorId'),
    deviceId: p('deviceId'),
    commandId: p('commandId'),
    operation: p('operation'),
    bodyHash: p('bodyHash'),
    answer: p('answer'),
    sealedFor: p('sealedFor'),
    at: p('at'),
  }),
);

/** The one way to change anything. */
export type Committer = Readonly<{
  submit: <T>(work: Work<T>) => Promise<T>;
  /** Signs a checkpoint of the audit chain now. */
  checkpoint: () => Promise<void>;
  /** Resolves when everything submitted has settled; nothing is taken afterwards. */
  close: () => Promise<void>;
}>;

type Options = Readonly<{
  connection: Connection;
  traces: Traces;
  patientKeys: PatientKeys;
  ports: Ports;
  /** Told after a group is durable. */
  announce: (entries: readonly FeedEntry[]) => void;
  onBug: (error: unknown, operation: string, requestId: string) => void;
  maxGroup?: number;
}>;

/** Where the server processes of one PostgreSQL database hear of each other's commits. */
export const FEED_CHANNEL = 'medlane_feed';

/** Any number, the same for every Medlane: writers of one PostgreSQL database take turns by it. */
const ADVISORY_LOCK = 7_302_114;

/**
 * Group commit. Takes the commands that wait, runs each in a savepoint of one transaction, commits once, and only then
 * answers them. A command leaves its rows, its audit entry, its feed entries and its answer, all or none.
 */
export function createCommitter(options: Options): Committer {
  const { connection, traces, patientKeys, ports, announce, onBug, maxGroup = 50 } = options;
  const reader = readerOf(connection);
  const waiting: Pending[] = [];
  const checkpointsWanted: (() => void)[] = [];
  let heads: Heads | undefined;
  let busy: Promise<void> | undefined;
  let closed = false;

  const begin = () => {
    if (connection.dialect === 'sqlite') return connection.send('BEGIN IMMEDIATE');
    connection.send('BEGIN ISOLATION LEVEL READ COMMITTED');
    connection.send(`SELECT pg_advisory_xact_lock(${ADVISORY_LOCK})`);
    // Another process may have committed since: the heads are read under the lock.
    heads = undefined;
  };

  const findEarlier = async (work: Work): Promise<Stored | undefined> =>
    work.bodyHash === null ? undefined : reader.row(findCommand, keyOf(work));

  async function commitGroup(group: readonly Pending[], sign: boolean): Promise<void> {
    const outcomes: Outcome[] = [];
    try {
      await connection.ready();
      begin();
      const [at, earlier] = await Promise.all([
        heads ?? traces.readHeads(),
        Promise.all(group.map(({ work }) => findEarlier(work))),
      ]);
      const known: Known = new Map();
      for (const [index, { work }] of group.entries()) noteKnown(known, work, earlier[index]);
      for (const pending of group) outcomes.push(await attempt(pending, at, known));
      traces.writeCheckpoint(at, sign);
      const told = outcomes.some(({ entries }) => entries.length > 0);
      if (told && connection.dialect === 'postgres') connection.send(`SELECT pg_notify('${FEED_CHANNEL}', '')`);
      connection.send('COMMIT');
      // When anything before it failed, PostgreSQL has made a rollback of it.
      await connection.settled();
      heads = at;
    } catch (cause) {
      heads = undefined;
      await connection.settled().catch(() => {});
      await connection.raw('ROLLBACK', []).catch(() => {});
      if (isLostWrite(cause))
        ports.die(`the disk lost a write (${String(cause)}); stopping so that nothing false is said`);
      onBug(cause, 'commit', group[0]?.work.requestId ?? '');
      for (const { reject } of group) reject(new ApiError('unavailable', { cause }));
      return;
    }
    for (const { settle } of outcomes) settle();
    const entries = outcomes.flatMap((outcome) => outcome.entries);
    if (entries.length > 0) announce(entries);
  }

  /** One command in its savepoint. Throws only when its traces cannot be written: then nothing of the group is. */
  async function attempt(pending: Pending, at: Heads, known: Known): Promise<Outcome> {
    const { work } = pending;
    const earlier = work.bodyHash === null ? undefined : known.get(nameOf(work));
    if (earlier && (earlier.bodyHash === work.bodyHash || earlier.bodyHash === FENCED))
      return { entries: [], settle: settling(pending, await recall(earlier, work)) };
    const before = { ...at, audit: { ...at.audit } };
    const said = createVoice();
    const { tx, revoke } = createTx(connection);

    connection.send('SAVEPOINT command');
    let answer: Remembered;
    try {
      if (earlier) throw new ApiError('idempotency_mismatch');
      answer = { ok: true, value: await work.run(tx, said.voice) };
      await connection.settled();
    } catch (thrown) {
      // What failed on its way may have made everything after it fail, too: the first is the cause.
      const error = await connection.settled().then(
        () => thrown,
        (first) => first,
      );
      if (!(error instanceof KeptRefusal)) {
        connection.send('ROLLBACK TO command');
        Object.assign(at, before);
        said.forget();
      }
      answer = refusalOf(error, work);
    } finally {
      revoke();
    }

    const trace = said.trace();
    const outcome = answer.ok ? 'ok' : answer.code;
    const silent = work.quiet && answer.ok && said.events().length === 0;
    if (!silent)
      await traces.writeAudit(at, {
        actor: trace.actor ?? work.actor,
        requestId: work.requestId,
        commandId: work.commandId,
        operation: work.operation,
        outcome,
        trace,
      });
    const entries: FeedEntry[] = [];
    for (const { event, payload } of said.events()) {
      const branchId = work.actor.branchId ?? trace.actor?.branchId;
      if (branchId) entries.push(traces.writeFeed(at, { branchId, event, payload, commandId: work.commandId }));
    }
    if (work.bodyHash !== null && !earlier && (answer.ok || !PASSING.includes(answer.code)))
      noteKnown(known, work, await remember(work, answer, trace.patientId));
    connection.send('RELEASE command');
    return { entries, settle: settling(pending, answer) };
  }

  function refusalOf(error: unknown, work: Work): Remembered {
    if (error instanceof ApiError) return { ok: false, code: error.code, facts: error.facts, fields: error.fields };
    if (isLostWrite(error))
      ports.die(`the disk lost a write (${String(error)}); stopping so that nothing false is said`);
    if (isFull(error)) return { ok: false, code: 'unavailable', facts: {}, fields: [] };
    onBug(error, work.operation, work.requestId);
    return { ok: false, code: 'internal', facts: {}, fields: [] };
  }

  async function remember(work: Work, answer: Remembered, patientId: string | undefined): Promise<Stored> {
    const text = Buffer.from(JSON.stringify(answer));
    const key = work.confidential && answer.ok && patientId ? await patientKeys.find(reader, patientId) : null;
    const sealed = key ? seal(key, text, work.commandId) : text;
    const stored = { bodyHash: work.bodyHash ?? '', answer: sealed, sealedFor: key ? (patientId ?? null) : null };
    connection.send(rememberCommand, { ...keyOf(work), ...stored, operation: work.operation, at: ports.now() });
    return stored;
  }

  async function recall(stored: Stored, work: Work): Promise<Remembered> {
    if (!stored.sealedFor) return JSON.parse(stored.answer.toString()) as Remembered;
    const key = await patientKeys.find(reader, stored.sealedFor);
    if (!key) return { ok: false, code: 'not_found', facts: {}, fields: [] };
    return JSON.parse(unseal(key, stored.answer, work.commandId).toString()) as Remembered;
  }

  async function drain(): Promise<void> {
    while (waiting.length > 0 || checkpointsWanted.length > 0) {
      // Let everything that has already arrived join this group.
      await new Promise<void>((resolve) => ports.soon(resolve));
      const asked = checkpointsWanted.splice(0);
      await commitGroup(waiting.splice(0, maxGroup), asked.length > 0);
      for (const resolve of asked) resolve();
    }
    busy = undefined;
  }

  return {
    submit: <T>(work: Work<T>) =>
      new Promise<T>((resolve, reject) => {
        if (closed) return reject(new ApiError('unavailable'));
        waiting.push({ work, resolve: resolve as (value: unknown) => void, reject });
        busy ??= drain();
      }),
    checkpoint: () =>
      new Promise<void>((resolve) => {
        if (closed) return resolve();
        checkpointsWanted.push(resolve);
        busy ??= drain();
      }),
    async close() {
      while (busy) await busy;
      closed = true;
    },
  };
}

const nameOf = ({ actor, commandId }: Work): string => `${actor.id} ${actor.deviceId} ${commandId}`;
const noteKnown = (known: Known, work: Work, stored: Stored | undefined): void => {
  if (stored) known.set(nameOf(work), stored);
};

const keyOf = (work: Work) => ({ actorId: work.actor.id, deviceId: work.actor.deviceId, commandId: work.commandId });

const settling = (pending: Pending, answer: Remembered) => () => {
  if (answer.ok) pending.resolve(answer.value);
  else pending.reject(new ApiError(answer.code, { facts: answer.facts, fields: answer.fields }));
};

const codeOf = (error: unknown): string => {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return typeof code === 'string' ? code : cause ? codeOf(cause) : '';
};

/** After a failed fsync nobody knows what is on the disk: the same handle must not be used again. */
const isLostWrite = (error: unknown) => /^SQLITE_IOERR/.test(codeOf(error));
const isFull = (error: unknown) => ['SQLITE_FULL', 'SQLITE_BUSY', '53100'].includes(codeOf(error));
