import { isDeepStrictEqual } from 'node:util';
import type * as z from 'zod';
import type { MedlaneOperation } from '../../contract/index.ts';
import type { visit } from '../../contract/shapes.ts';

export type VisitView = z.output<typeof visit>;

/** What the server answered, as far as a repeated command must get the same. */
export type Reply = Readonly<
  { ok: true; value: unknown } | { ok: false; code: string; facts: unknown; message: string }
>;

/** A command that somebody gave, and what they were told: the day's own record, which no store can argue with. */
export type Fact = Readonly<{
  commandId: string;
  name: MedlaneOperation;
  input: Readonly<Record<string, unknown>>;
  who: string;
  /** Order of sending and answering among all commands of the day, by one counter. */
  sent: number;
  answered: number;
  reply: Reply;
}>;

export type Counts = {
  doubleClicks: number;
  lostAnswers: number;
  retries: number;
  replays: number;
  searches: number;
  calls: Record<string, number>;
};

export type Ledger = Readonly<{
  facts: Fact[];
  violations: string[];
  counts: Counts;
  tick: () => number;
  /** Commands that were sent and not yet answered. */
  underWay: () => number;
  begin: () => void;
  note: (fact: Fact) => void;
  violation: (text: string) => void;
  /** Answers to the same command: the same, or a violation. */
  same: (name: string, commandId: string, first: Reply, again: Reply) => void;
}>;

export function createLedger(): Ledger {
  let clock = 0;
  let begun = 0;
  const facts: Fact[] = [];
  const violations: string[] = [];
  const violation = (text: string) => void violations.push(text);
  return {
    facts,
    violations,
    counts: { doubleClicks: 0, lostAnswers: 0, retries: 0, replays: 0, searches: 0, calls: {} },
    tick: () => ++clock,
    underWay: () => begun - facts.length,
    begin: () => void begun++,
    note: (fact) => void facts.push(fact),
    violation,
    same(name, commandId, first, again) {
      if (!isDeepStrictEqual(first, again))
        violation(
          `${name} ${commandId} was answered differently the second time:\n    ${brief(first)}\n    ${brief(again)}`,
        );
    },
  };
}

export const brief = (value: unknown): string => JSON.stringify(value).slice(0, 300);

/** The visit that an accepted command answered with; null for other commands and refusals. */
export function visitOf({ name, reply }: Fact): VisitView | null {
  if (!reply.ok || !(name.startsWith('visits.') || name === 'queues.callNext')) return null;
  return reply.value as VisitView;
}
