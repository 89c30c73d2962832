import { createHmac } from 'node:crypto';
import type { Actor } from '../actor.ts';
import type { Committer } from '../db/commit.ts';
import type { Key } from '../keys.ts';
import type { Ports } from '../ports.ts';

/** A query counts as settled when nothing follows it for this long, in ms. */
const SETTLED_AFTER = 2000;

type Typing = { actor: Actor; q: string; results: number; cancel: () => void };

export type Searches = Readonly<{
  note: (actor: Actor, q: string, results: number) => void;
  /** Writes what has not settled yet: at shutdown. */
  flush: () => Promise<void>;
}>;

/**
 * Audits searches once per settled query, not per key: who looked for something, how long it was, a mark of it (the
 * same text gives the same mark), and how many were found. The text itself may be a name, so it is not kept.
 */
export function createSearches(committer: Committer, ports: Ports, marking: Key): Searches {
  const typing = new Map<string, Typing>();

  async function settle(key: string): Promise<void> {
    const search = typing.get(key);
    if (!search) return;
    typing.delete(key);
    search.cancel();
    const mark = createHmac('sha256', marking).update(search.q.toLowerCase()).digest('hex').slice(0, 24);
    await committer.submit({
      actor: search.actor,
      requestId: ports.id(),
      operation: 'patients.search',
      commandId: ports.id(),
      bodyHash: null,
      confidential: false,
      run: async (_tx, voice) =>
        voice.record({ resource: 'patient', after: { mark, letters: search.q.length, results: search.results } }),
    });
  }

  return {
    note(actor, q, results) {
      const key = actor.sessionId ?? actor.id;
      const before = typing.get(key);
      const continued = before && (q.startsWith(before.q) || before.q.startsWith(q));
      if (before && !continued) void settle(key);
      before?.cancel();
      const cancel = ports.after(SETTLED_AFTER, () => void settle(key));
      typing.set(key, { actor, q, results, cancel });
    },
    async flush() {
      await Promise.all([...typing.keys()].map(settle));
    },
  };
}
