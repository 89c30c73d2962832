import type { Actor } from '../actor.ts';
import type { Committer } from '../db/commit.ts';
import type { Reader } from '../db/connection.ts';
import type { Post } from '../mail/post.ts';
import type { Ports } from '../ports.ts';
import { actorFor } from './entrance.ts';
import { isSuspended } from './lockout.ts';
import { LIFE, type MailedCodes } from './mailed-codes.ts';
import { userNamed } from './names.ts';
import type { SecondFactor } from './second-factor.ts';
import type { UserRow } from './user-rows.ts';

/** So many may wait while the mail server takes its time; who comes then asks again. */
const WAITING = 50;
const OPERATION = 'auth.askReset';

type Parts = Readonly<{
  committer: Committer;
  reader: Reader;
  codes: MailedCodes;
  factor: SecondFactor;
  post: Post;
  ports: Ports;
  onBug: (error: unknown, operation: string) => void;
}>;

/**
 * Whoever forgot the password and asks for a code by mail. Taken note of at once and done one after the other in the
 * background, so that whoever asked cannot tell whether there was anything to do.
 */
export function createResetRequests({ committer, reader, codes, factor, post, ports, onBug }: Parts) {
  let last: Promise<void> = Promise.resolve();
  let waiting = 0;
  let closed = false;

  async function answer(identifier: string, from: Actor): Promise<void> {
    const user = await userNamed(reader, identifier);
    if (closed || !user?.active || isSuspended(user, ports.now())) return;
    if (user.email === null || user.emailVerifiedAt === null) return;
    // Both by the same mailbox would make one factor of two: an administrator gives the code.
    const alone = !(await factor.usableBy(reader, user)).includes('email');
    const made = await store(user, from);
    if (made.wait !== null) return;
    if (alone) await post.send(user.branchId, user.email, 'reset', { code: made.code, minutes: LIFE.reset });
    else await post.send(user.branchId, user.email, 'reset_not_by_mail');
  }

  const store = (user: UserRow, from: Actor) => {
    const commandId = ports.id();
    return committer.submit({
      ...{ actor: actorFor(user, from), requestId: commandId, operation: OPERATION, commandId },
      ...{ bodyHash: null, confidential: false },
      async run(tx, voice) {
        voice.record({ resource: 'user', resourceId: user.id });
        return codes.open({ tx, now: ports.now() }, 'reset', user);
      },
    });
  };

  return {
    take(identifier: string, from: Actor): void {
      if (waiting >= WAITING || closed) return;
      waiting += 1;
      last = last
        .then(() => answer(identifier, from))
        .catch((error: unknown) => onBug(error, OPERATION))
        .finally(() => {
          waiting -= 1;
        });
    },
    /** Lets the one that is being answered finish; those that wait are dropped. */
    close(): Promise<void> {
      closed = true;
      return last;
    },
  };
}
export type ResetRequests = ReturnType<typeof createResetRequests>;
