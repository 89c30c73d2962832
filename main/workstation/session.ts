import type { Transport } from '../../contract/client.ts';
import { api, type MedlaneApi } from '../../contract/index.ts';
import { ApiError, type Output } from '../../contract/kit.ts';

type SignedIn = Output<MedlaneApi['auth']['login']>;

export type Session = Readonly<{
  token: () => string | null;
  user: () => SignedIn['user'] | null;
  headers: () => Record<string, string>;
  signIn: (input: Record<string, unknown>) => Promise<SignedIn>;
  /** Somebody signed in by another answer of the server's. What comes back is for the page: without the tokens. */
  take: (answer: unknown) => SignedIn;
  /** Renews the sign-in; whether it worked. Several askers share one request. */
  renew: () => Promise<boolean>;
  refresh: () => Promise<SignedIn>;
  forget: () => void;
}>;

/** Faults that say nothing about the sign-in: it is kept for another try. */
const PASSING: readonly string[] = ['unavailable', 'rate_limited', 'internal'];

/** Who is signed in at this desk. The tokens stay here: the page knows only that somebody is. */
export function createSession(plain: Transport, changed: (token: string | null) => void): Session {
  let held: SignedIn | null = null;
  let renewing: { of: SignedIn; done: Promise<boolean> } | null = null;

  function hold(next: SignedIn | null) {
    const before = held;
    held = next;
    // A renewed sign-in is the same one: whoever listens need not begin again.
    if (before?.user.id !== next?.user.id) changed(next?.accessToken ?? null);
  }

  async function request(of: SignedIn): Promise<boolean> {
    try {
      const input = { refreshToken: of.refreshToken ?? '' };
      const answer = (await plain.call('auth.refresh', api.auth.refresh, input, {})) as SignedIn;
      // Somebody else may have signed in meanwhile, or this person out.
      if (held !== of) return false;
      hold(answer);
      return true;
    } catch (error) {
      if (error instanceof ApiError && PASSING.includes(error.code)) throw error;
      if (held === of) hold(null);
      return false;
    }
  }

  function renew(): Promise<boolean> {
    if (!held) return Promise.resolve(false);
    if (renewing?.of === held) return renewing.done;
    const done = request(held).finally(() => {
      if (renewing?.done === done) renewing = null;
    });
    renewing = { of: held, done };
    return done;
  }

  function take(answer: unknown): SignedIn {
    // Also when the same person signs in again: this is another sign-in.
    hold(null);
    hold(answer as SignedIn);
    return withoutSecrets(answer as SignedIn);
  }

  return {
    take,
    token: () => held?.accessToken ?? null,
    user: () => held?.user ?? null,
    headers: (): Record<string, string> => (held ? { Authorization: `Bearer ${held.accessToken}` } : {}),
    renew,
    forget: () => hold(null),
    async signIn(input) {
      return take(await plain.call('auth.login', api.auth.login, { ...input, delivery: 'body' }, {}));
    },
    async refresh() {
      if (!(await renew()) || !held) throw new ApiError('session_ended');
      return withoutSecrets(held);
    },
  };
}

const withoutSecrets = (answer: SignedIn): SignedIn => ({
  ...answer,
  accessToken: '',
  refreshToken: null,
  csrfToken: '',
});
