import { timingSafeEqual } from 'node:crypto';
import { ApiError } from '../../contract/kit.ts';
import { type Codes, codesOf, commitmentOf } from '../../contract/pairing-code.ts';

/** For how long a desk may be added after an administrator said so, in ms. */
export const WINDOW = 5 * 60_000;
/** Runs a window bears, and wrong codes; and failed runs in a day. Each run is one guess in a million. */
const TRIES = 3;
const FAILED_A_DAY = 10;
const DAY = 86_400_000;

/** One desk's attempt, from its commitment to its certificate. */
export type Run = {
  readonly id: string;
  readonly at: number;
  readonly commitment: string;
  readonly publicKey: string;
  readonly serverNonce: string;
  readonly appVersion: string;
  readonly address: string;
  codes: Codes | null;
  deviceId: string | null;
  certificate: string | null;
};
type Window = { branchId: string; until: number; runs: number; wrong: number; strangers: number; run: Run | null };

type Options = Readonly<{
  now: () => number;
  id: () => string;
  random: (bytes: number) => Buffer;
  /** Who this clinic is, as a desk will pin it. */
  clinic: () => Promise<Readonly<{ clinicId: string; root: string }>>;
}>;
type Beginning = Readonly<{ commitment: string; publicKey: string; appVersion: string; address: string }>;

const closed = () => new ApiError('pairing_closed');

/**
 * The one window through which a desk can be added, and who stands in it. In memory only: a restart closes it. Whoever
 * knocks counts, so that nobody can go on knocking until the codes happen to be the same.
 */
export function createPairing({ now, id, random, clinic }: Options) {
  let open: Window | null = null;
  let failed: readonly number[] = [];

  const window = (): Window | null => (open && open.until > now() ? open : null);
  const failedToday = () => failed.filter((at) => at > now() - DAY).length;
  const runOf = (pairingId: string): { at: Window; run: Run } => {
    const at = window();
    if (!at?.run || at.run.id !== pairingId) throw closed();
    return { at, run: at.run };
  };
  const fits = (run: Run, code: string) =>
    run.codes !== null && timingSafeEqual(Buffer.from(run.codes.desk), Buffer.from(code));

  return {
    open(branchId: string): void {
      if (failedToday() >= FAILED_A_DAY) throw new ApiError('pairing_limit');
      open = { branchId, until: now() + WINDOW, runs: 0, wrong: 0, strangers: 0, run: null };
    },
    close(): void {
      open = null;
    },
    view(branchId: string) {
      const at = window();
      return at?.branchId === branchId ? { ...at, triesLeft: TRIES - Math.max(at.runs - 1, at.wrong) } : null;
    },

    async begin({ commitment, publicKey, appVersion, address }: Beginning) {
      const introduced = await clinic();
      const at = window();
      if (!at || at.run?.deviceId) throw closed();
      if (at.run && at.run.publicKey !== publicKey) {
        at.strangers += 1;
        throw new ApiError('pairing_busy');
      }
      if (at.runs >= TRIES || failedToday() >= FAILED_A_DAY) {
        open = null;
        throw closed();
      }
      at.runs += 1;
      failed = [...failed.slice(-FAILED_A_DAY), now()];
      const serverNonce = random(32).toString('hex');
      const run: Run = {
        ...{ id: id(), at: now(), commitment, publicKey, serverNonce, appVersion, address },
        ...{ codes: null, deviceId: null, certificate: null },
      };
      at.run = run;
      return { pairingId: run.id, ...introduced, serverNonce, until: at.until, branchId: at.branchId };
    },

    /** Only now does the desk say its number; one that is not what it committed itself to ends the run. */
    async reveal(pairingId: string, deskNonce: string): Promise<{ branchId: string }> {
      const { at, run } = runOf(pairingId);
      const { publicKey, serverNonce } = run;
      const codes = await codesOf({ ...(await clinic()), publicKey, deskNonce, serverNonce });
      const honest = (await commitmentOf({ deskNonce, publicKey })) === run.commitment;
      // Said once: a second number, also an honest one, is somebody who tries.
      if (!honest || (run.codes && run.codes.desk !== codes.desk)) {
        if (at.run === run) at.run = null;
        throw closed();
      }
      run.codes = codes;
      return { branchId: at.branchId };
    },

    /** Whether this code would be taken: for what must be prepared. Costs no try. */
    expects: (pairingId: string, code: string): boolean => {
      const run = window()?.run;
      return run?.id === pairingId && fits(run, code);
    },

    /** The run whose code was typed. The third wrong one closes the window. */
    take(branchId: string, pairingId: string, code: string): Run & { codes: Codes } {
      const { at, run } = runOf(pairingId);
      if (at.branchId !== branchId) throw closed();
      if (fits(run, code)) return run as Run & { codes: Codes };
      at.wrong += 1;
      if (at.wrong >= TRIES) open = null;
      throw new ApiError('wrong_code');
    },

    /** The desk is added: nobody else is in this window, and it stays open for the answer to arrive. */
    done(run: Run, deviceId: string, certificate: string): void {
      Object.assign(run, { deviceId, certificate });
      failed = failed.filter((at) => at !== run.at);
      if (open?.run === run) open.until = now() + WINDOW;
    },

    find: (pairingId: string): Run => runOf(pairingId).run,
  };
}
export type Pairing = ReturnType<typeof createPairing>;
