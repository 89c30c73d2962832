import { randomBytes } from 'node:crypto';

const SERVICE = 'Medlane';

/** The clinic's master key, on the computer that hosts it; and what seals a desk's own files. */
export type Account = 'clinic-master' | 'desk-secret';
/** A keychain that asks its owner first may take its time; one that never answers is as good as locked, after so long (ms). */
const PATIENCE = 30_000;

/**
 * `absent`: this computer has no keychain, or it holds no secret of ours. `locked`: there is one, and it does not open;
 * that may be over as soon as its owner unlocks it.
 */
export type Secret =
  | Readonly<{ state: 'available'; secret: Buffer }>
  | Readonly<{ state: 'locked' }>
  | Readonly<{ state: 'absent' }>;

/** The operating system's store of secrets. It holds one for each account: 32 bytes, since some stores hold little more. */
export type Keychain = Readonly<{ read: () => Promise<Secret>; readOrCreate: () => Promise<Secret> }>;

type Store = Pick<typeof import('keytar'), 'getPassword' | 'setPassword'>;

type Options = Readonly<{
  after: (ms: number, run: () => void) => () => void;
  /** For tests, which must not touch the keychain of whoever runs them. */
  load?: () => Promise<Store>;
}>;

export function createKeychain(account: Account, { after, load = loadKeytar }: Options): Keychain {
  async function ask(create: boolean): Promise<Secret> {
    // Loaded only when asked: its library is missing on many a server, and that must not keep the program from starting.
    const store = await load().catch(() => null);
    if (!store) return { state: 'absent' };
    try {
      const known = await store.getPassword(SERVICE, account);
      if (known !== null) return secretOf(known);
      if (!create) return { state: 'absent' };
      const made = randomBytes(32).toString('hex');
      await store.setPassword(SERVICE, account, made);
      // Read back: a store that forgets what it took would cost the clinic its data.
      return (await store.getPassword(SERVICE, account)) === made ? secretOf(made) : { state: 'absent' };
    } catch (error) {
      return { state: isMissing(error) ? 'absent' : 'locked' };
    }
  }
  async function open(create: boolean): Promise<Secret> {
    let cancel = () => {};
    const silent = new Promise<Secret>((resolve) => {
      cancel = after(PATIENCE, () => resolve({ state: 'locked' }));
    });
    return Promise.race([ask(create), silent]).finally(() => cancel());
  }
  return { read: () => open(false), readOrCreate: () => open(true) };
}

async function loadKeytar(): Promise<Store> {
  const keytar = await import('keytar');
  // A CommonJS module: its functions stand on `default` where they could not be told from outside.
  return (keytar as { default?: Store }).default ?? keytar;
}

/** A secret that is not ours in form is treated as one that does not open: making another would lose the first. */
function secretOf(text: string): Secret {
  return /^[0-9a-f]{64}$/.test(text) ? { state: 'available', secret: Buffer.from(text, 'hex') } : { state: 'locked' };
}

/** Linux without a desktop session: no bus, or nobody on it who keeps secrets. */
function isMissing(error: unknown): boolean {
  const text = error instanceof Error ? error.message : '';
  return /D-?Bus|autolaunch|org\.freedesktop\.secrets|was not provided by any \.service|No such file or directory/i.test(
    text,
  );
}
