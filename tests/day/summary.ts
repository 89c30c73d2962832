import { quantile } from '../bench/figures.ts';
import type { AuditFound } from './check-clinic.ts';
import type { Ledger, VisitView } from './ledger.ts';
import { visitOf } from './ledger.ts';
import { HOURS } from './play.ts';

export type Outage = { seconds: number; inFlight: number } | null;

export type Summary = Readonly<{
  seed: number;
  seconds: number;
  database: string;
  issued: number;
  seen: number;
  stillHere: number;
  noShows: number;
  cancelled: number;
  waitMinutes: { p50: number; p90: number; longest: number };
  callsPerRoom: Record<string, number>;
  commands: number;
  byName: Record<string, number>;
  refused: Record<string, number>;
  doubleClicks: number;
  lostAnswers: number;
  retries: number;
  replays: number;
  searches: number;
  board: { pushes: number; p50: number; p99: number };
  feed: { entries: number; caughtUp: number; reconnects: number };
  audit: AuditFound;
  outage: Outage;
  nothingLost: boolean;
  violations: readonly string[];
}>;

type Given = Pick<Summary, 'seed' | 'seconds' | 'database' | 'feed' | 'audit' | 'outage'> & {
  boardDelays: readonly number[];
  pushes: number;
  states: readonly string[];
};

export function summarise(ledger: Ledger, given: Given): Summary {
  const { seed, seconds, database, feed, audit, outage } = given;
  const { facts, counts, violations } = ledger;
  const visits = facts.map(visitOf).filter((visit) => visit !== null);
  const refused: Record<string, number> = {};
  for (const { reply } of facts) if (!reply.ok) refused[reply.code] = (refused[reply.code] ?? 0) + 1;
  const issued = new Set(
    facts.flatMap((fact) => (fact.name === 'visits.issue' && fact.reply.ok ? [visitOf(fact)?.id] : [])),
  );
  const mine = visits.filter(({ id }) => issued.has(id));
  const byName: Record<string, number> = {};
  for (const { name, reply } of facts) if (reply.ok) byName[name] = (byName[name] ?? 0) + 1;
  const minutes = firstWaits(mine).map((ms) => (ms / 60_000) * ((HOURS * 3600) / seconds));
  const count = (state: string) => given.states.filter((one) => one === state).length;
  return {
    ...{ seed, seconds, database, feed, audit, outage, refused, byName },
    issued: issued.size,
    seen: count('done'),
    stillHere: given.states.filter((state) => ['waiting', 'called', 'in_room', 'parked'].includes(state)).length,
    noShows: count('no_show'),
    cancelled: count('cancelled'),
    waitMinutes: { p50: quantile(minutes, 0.5), p90: quantile(minutes, 0.9), longest: Math.max(0, ...minutes) },
    callsPerRoom: counts.calls,
    commands: facts.length,
    doubleClicks: counts.doubleClicks,
    lostAnswers: counts.lostAnswers,
    retries: counts.retries,
    replays: counts.replays,
    searches: counts.searches,
    board: { pushes: given.pushes, p50: quantile(given.boardDelays, 0.5), p99: quantile(given.boardDelays, 0.99) },
    nothingLost: violations.length === 0,
    violations,
  };
}

/** From arrival to the first call, of everybody who was called. */
function firstWaits(visits: readonly VisitView[]): number[] {
  const first = new Map<string, number>();
  for (const { id, arrivedAt, calledAt, state } of visits) {
    if (state !== 'called' || !calledAt) continue;
    const waited = Date.parse(calledAt) - Date.parse(arrivedAt);
    first.set(id, Math.min(waited, first.get(id) ?? Number.POSITIVE_INFINITY));
  }
  return [...first.values()];
}

/** The day as a manager reads it. */
export function tell(s: Summary): string {
  const whole = (value: number) => String(Math.round(value));
  const outage = s.outage
    ? `The server was killed in the middle and was back after ${s.outage.seconds.toFixed(1)} s; ${s.outage.inFlight} commands were under way when it fell.`
    : 'The server was not interrupted.';
  const lines = [
    `A clinic day of ${HOURS} hours, played in ${s.seconds} s (seed ${s.seed}, ${s.database})`,
    '',
    `  Tokens given          ${s.issued}`,
    `  Patients seen         ${s.seen}   still here ${s.stillHere}, did not come ${s.noShows}, cancelled ${s.cancelled}`,
    `  Wait to the first call, in minutes of that day: half under ${whole(s.waitMinutes.p50)}, nine of ten under ${whole(s.waitMinutes.p90)}, longest ${whole(s.waitMinutes.longest)}`,
    `  Calls per room        ${Object.entries(s.callsPerRoom)
      .map(([room, calls]) => `${room}: ${calls}`)
      .join(', ')}`,
    `  Searches              ${s.searches}`,
    `  Commands              ${s.commands}, of these refused with a reason: ${
      Object.entries(s.refused)
        .map(([code, times]) => `${code} ${times}`)
        .join(', ') || 'none'
    }`,
    `  Double clicks absorbed ${s.doubleClicks}   answers lost on the way ${s.lostAnswers}   retries ${s.retries}   repeated afterwards ${s.replays}`,
    `  Board                 ${s.board.pushes} pushes; a call was on it after ${whole(s.board.p50)} ms, 99 of 100 within ${whole(s.board.p99)} ms`,
    `  Change feed           ${s.feed.entries} changes without a gap; ${s.feed.caughtUp} were caught up after ${s.feed.reconnects} reconnections`,
    `  Audit                 ${s.audit.entries} entries, ${s.audit.whole ? 'the exported file verifies' : 'the exported file does NOT verify'}`,
    `  ${outage}`,
    '',
    s.nothingLost
      ? 'Nothing lost: yes. Every answer that was given holds.'
      : `Nothing lost: NO. ${s.violations.length} violations:`,
    ...byKind(s.violations).map((text) => `  - ${text}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** Three of each kind are enough to find its cause; names and numbers make no kind of their own. */
function byKind(violations: readonly string[]): string[] {
  const kinds = new Map<string, string[]>();
  for (const text of violations) {
    const kind = text.replace(/“[^”]*”|[0-9a-f-]{8,}|\b[A-Z]+-\d+\b|\d+/g, '…').slice(0, 80);
    kinds.set(kind, [...(kinds.get(kind) ?? []), text]);
  }
  return [...kinds.values()].flatMap((some) => [
    ...some.slice(0, 3),
    ...(some.length > 3 ? [`(and ${some.length - 3} more of this kind)`] : []),
  ]);
}
