import { randomBytes } from 'node:crypto';

const SERVICE = 'Medlane';
const TRIAL = 'trial';

/** The clinic's master key, on the computer that hosts it; and what seals a desk's own files. */
export type Account = 'clinic-master' | 'desk-secret';
/** A keychain that asks its owner first may take its time; whoever waits is told after so long (ms). */
const PATIENCE = 30_000;

/**
 * `empty`: the keychain is open and holds no secret of ours. `locked`: it does not open; that may be over as soon as its
 * owner unlocks it. `silent`: it has not answered yet, and may still. `absent`: this computer has none.
 */
export type Secret =
  | Readonly<{ state: 'available'; secret: Buffer }>
  | Readonly<{ state: 'empty' }>
  | Readonly<{ state: 'locked' | 'silent' | 'absent' }>;

/** The operating system's store of secrets. It holds one for each account: 32 bytes, since some stores hold little more. */
export type Keychain = Readonly<{
  read: () => Promise<Secret>;
  readOrCreate: () => Promise<Secret>;
  /** Whether it still owes an answer: that holds a thread, and the program cannot end by itself. */
  isAsked: () => boolean;
}>;

type Store = Pick<typeof import('keytar'), 'getPassword' | 'setPassword' | 'deletePassword'>;

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
      if (!create) {
        await tryOut(store);
        return { state: 'empty' };
      }
      const made = randomBytes(32).toString('hex');
      await store.setPassword(SERVICE, account, made);
      // Read back: a store that forgets what it took would cost the clinic its data.
      return (await store.getPassword(SERVICE, account)) === made ? secretOf(made) : { state: 'absent' };
    } catch (error) {
      return { state: stateIn(error) };
    }
  }
  const asked = new Map<boolean, Promise<Secret>>();
  /** Asked once at a time: each question that is not answered holds a thread, of which the program has few. */
  function askOnce(create: boolean): Promise<Secret> {
    const answer = asked.get(create) ?? ask(create).finally(() => asked.delete(create));
    asked.set(create, answer);
    return answer;
  }
  async function open(create: boolean): Promise<Secret> {
    let cancel = () => {};
    const silent = new Promise<Secret>((resolve) => {
      cancel = after(PATIENCE, () => resolve({ state: 'silent' }));
    });
    return Promise.race([askOnce(create), silent]).finally(() => cancel());
  }
  return { read: () => open(false), readOrCreate: () => open(true), isAsked: () => asked.size > 0 };
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

/** Linux says of a keychain that stays locked that it holds nothing; but only an open one takes something. @throws */
async function tryOut(store: Store): Promise<void> {
  await store.setPassword(SERVICE, TRIAL, 'open');
  await store.deletePassword(SERVICE, TRIAL);
}

/** Linux without a desktop session: no bus, or nobody on it who keeps secrets. */
const MISSING =
  /D-?Bus|autolaunch|org\.freedesktop\.secrets|was not provided by any \.service|No such file or directory/i;

function stateIn(error: unknown): 'silent' | 'absent' | 'locked' {
  const text = error instanceof Error ? error.message : '';
  // Somebody keeps secrets here, but does not answer on the bus.
  if (/Timeout was reached/i.test(text)) return 'silent';
  return MISSING.test(text) ? 'absent' : 'locked';
}
