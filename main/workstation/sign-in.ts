import type { Transport } from '../../contract/client.ts';
import { ApiError, type Operation } from '../../contract/kit.ts';
import { createPatience, PATIENCE, PATIENCE_AT_THE_DOOR } from './patience.ts';
import type { People } from './people.ts';
import type { Session } from './session.ts';

type Options = Readonly<{
  session: Session;
  http: Transport;
  /** Who may sign in without the server; null where nobody may: this computer is no paired desk. */
  people: () => People | null;
  /** Whether the server is known not to answer. */
  isAway: () => boolean;
  after: (ms: number, run: () => void) => () => void;
}>;

export type SignIn = Readonly<{
  handles: (name: string, operation: Operation) => boolean;
  /** @throws ApiError */
  call: (name: string, operation: Operation, input: Record<string, unknown>) => Promise<unknown>;
}>;

type Given = Readonly<{ userId: string; pin?: string; password?: string; identifier: string }>;

/** Everything about who is at this desk: by the server, and by what the desk knows of them when the server is away. */
export function createSignIn({ session, http, people, isAway, after }: Options): SignIn {
  const inTime = createPatience(after);

  /** Calls about the sign-in itself are not repeated by the transport: only a token that is too old is renewed. */
  async function ask(name: string, operation: Operation, input: Record<string, unknown>): Promise<unknown> {
    try {
      return await http.call(name, operation, input, {});
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'unauthenticated' || !(await session.renew())) throw error;
      return http.call(name, operation, input, {});
    }
  }

  /** By the server; and when it does not answer, by this desk. */
  async function orHere(server: () => Promise<unknown>, here: (own: People) => unknown): Promise<unknown> {
    const own = people();
    if (!own) return server();
    try {
      return await inTime(server(), isAway() ? PATIENCE : PATIENCE_AT_THE_DOOR);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'unavailable') throw error;
      return here(own);
    }
  }

  async function signOut(operation: Operation, input: Record<string, unknown>): Promise<unknown> {
    try {
      return await orHere(
        () => ask('auth.logout', operation, input),
        () => ({ ok: true }),
      );
    } finally {
      // The person leaves this desk even when the server cannot be told.
      session.forget();
    }
  }

  async function call(name: string, operation: Operation, input: Record<string, unknown>): Promise<unknown> {
    const { userId, pin, password, identifier } = input as Given;
    const me = session.user()?.id ?? '';
    switch (name) {
      case 'auth.login':
        return orHere(
          () => session.signIn(input),
          async (own) => session.takeOffline(await own.byPassword(identifier, String(password))),
        );
      case 'auth.secondFactor':
        return session.secondFactor(input);
      case 'auth.switch': {
        const byServer = async () => {
          const answer = session.take(await ask(name, operation, input));
          await people()?.pinProved(userId, String(pin));
          return answer;
        };
        return orHere(byServer, async (own) => session.takeOffline(await own.byPin(userId, String(pin))));
      }
      case 'auth.unlock': {
        const byServer = async () => {
          const answer = await ask(name, operation, input);
          if (pin !== undefined) await people()?.pinProved(me, pin);
          return answer;
        };
        return orHere(byServer, async (own) => {
          await own.unlock(me, input);
          return { ok: true };
        });
      }
      case 'auth.people':
        return orHere(
          () => http.call(name, operation, input, {}),
          (own) => own.withPin(me || null),
        );
      case 'auth.refresh':
        return orHere(session.refresh, () => session.still());
      case 'auth.logout':
        return signOut(operation, input);
      case 'auth.setPin': {
        const answer = await ask(name, operation, input);
        await people()?.pinProved(me, (input['pin'] as string | null) ?? null);
        return answer;
      }
      default:
        return ask(name, operation, input);
    }
  }

  return {
    handles: (name, operation) => operation.kind === 'session' || name === 'auth.people',
    call,
  };
}
