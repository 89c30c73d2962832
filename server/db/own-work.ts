import { systemActor } from '../actor.ts';
import type { Ports } from '../ports.ts';
import type { Work } from './commit.ts';
import type { Tx, Voice } from './scope.ts';

/** As whom it is done, and as which command. */
export type Own = Pick<Work, 'actor' | 'commandId'>;

/** What the server does by itself, in one commit: an audit entry is left only when it had something to tell. */
export function ownWork(
  { id }: Pick<Ports, 'id'>,
  operation: string,
  run: (tx: Tx, voice: Voice, own: Own) => Promise<void>,
  branchId: string | null = null,
): Work<void> {
  const own = { actor: systemActor(branchId), commandId: id() };
  return {
    ...{ ...own, requestId: own.commandId, operation, bodyHash: null, confidential: false, quiet: true },
    run: (tx, voice) => run(tx, voice, own),
  };
}
