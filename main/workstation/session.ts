import type { Transport } from '../../contract/client.ts';
import { api, type MedlaneApi } from '../../contract/index.ts';
import { ApiError, type Output } from '../../contract/kit.ts';
import type { OfflineSignIn } from './people.ts';

type SignedIn = Output<MedlaneApi['auth']['login']>;

export type Session = Readonly<{
  token: () => string | null;
  user: () => SignedIn['user'] | null;
  headers: () => Record<string, string>;
  signIn: (input: Record<string, unknown>) => Promise<SignedIn>;
  /** The second step of the sign-in that was begun last. */
  secondFactor: (input: Record<string, unknown>) => Promise<SignedIn>;
  /** Somebody signed in here while the server was away: it is told when it is back. */
  takeOffline: (signIn: OfflineSignIn) => SignedIn;
  /** Somebody signed in by another answer of the server's. What comes back is for the page: without the tokens. */
  take: (answer: unknown) => SignedIn;
  /** Renews the sign-in; whether it worked. Several askers share one request. */
  renew: () => Promise<boolean>;
  refresh: () => Promise<SignedIn>;
  /** Who is in, as a page is told; nobody asked the server. @throws ApiError when nobody is. */
  still: () => SignedIn;
  forget: () => void;
}>;

/** `offline`: the server has not seen this sign-in yet. */
type Held = SignedIn & { offline?: Readonly<{ userId: string; vouch: string; at: number; how: 'password' | 'pin' }> };

/** Faults that say nothing about the sign-in: it is kept for another try. */
const PASSING: readonly string[] = ['unavailable', 'rate_limited', 'internal'];

/** Who is signed in at this desk. The tokens stay here: the page knows only that somebody is. */
export function createSession(
  plain: Transport,
  changed: (token: string | null) => void,
  /** Told who the server let in by which password. */
  proved: (answer: SignedIn, password: string) => Promise<void> = async () => undefined,
): Session {
  let held: Held | null = null;
  let renewing: { of: Held; done: Promise<boolean> } | null = null;
  /** The password that was right, until the second factor is, too: only then may it open this desk alone. */
  let halfway: string | null = null;

  function hold(next: Held | null) {
    const before = held;
    held = next;
    // A renewed sign-in is the same one: whoever listens need not begin again.
    if (before?.user.id !== next?.user.id) changed(next?.accessToken ?? null);
  }

  async function request(of: Held): Promise<boolean> {
    try {
      const answer = (await (of.offline
        ? plain.call('auth.resume', api.auth.resume, { ...of.offline }, {})
        : plain.call('auth.refresh', api.auth.refresh, { refreshToken: of.refreshToken ?? '' }, {}))) as SignedIn;
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

  function still(): SignedIn {
    if (!held) throw new ApiError('session_ended');
    return withoutSecrets(held);
  }

  return {
    take,
    takeOffline({ user, vouch, at, how }) {
      const signedIn = withoutSecrets({ expiresAt: new Date(at).toISOString(), user });
      hold(null);
      hold({ ...signedIn, offline: { userId: user.id, vouch, at, how } });
      return signedIn;
    },
    token: () => held?.accessToken || null,
    user: () => held?.user ?? null,
    headers: (): Record<string, string> => (held?.accessToken ? { Authorization: `Bearer ${held.accessToken}` } : {}),
    renew,
    forget: () => hold(null),
    async signIn(input) {
      halfway = null;
      const password = String(input['password']);
      try {
        const answer = await plain.call('auth.login', api.auth.login, { ...input, delivery: 'body' }, {});
        await proved(answer as SignedIn, password);
        return take(answer);
      } catch (error) {
        if (error instanceof ApiError && error.code === 'second_factor') halfway = password;
        throw error;
      }
    },
    async secondFactor(input) {
      const given = { ...input, delivery: 'body' };
      const answer = await plain.call('auth.secondFactor', api.auth.secondFactor, given, {});
      if (halfway !== null) await proved(answer as SignedIn, halfway);
      halfway = null;
      return take(answer);
    },
    async refresh() {
      if (!(await renew())) throw new ApiError('session_ended');
      return still();
    },
    still,
  };
}

const withoutSecrets = ({ expiresAt, user }: Pick<SignedIn, 'expiresAt' | 'user'>): SignedIn => ({
  ...{ accessToken: '', refreshToken: null, csrfToken: '', vouch: null },
  ...{ expiresAt, user },
});
