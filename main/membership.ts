import { randomBytes } from 'node:crypto';
import type { DesktopHandlers } from '../contract/desktop.ts';
import type { Fetch } from '../contract/http.ts';
import { createBrowse } from './workstation/browse.ts';
import { type Connection, createConnection } from './workstation/connection.ts';
import { createIdentities, type Held, type Identity, type Secrets } from './workstation/identity.ts';
import { createJoining } from './workstation/joining.ts';

type Options = Readonly<{
  /** Where this desk's identity is kept, sealed. */
  file: string;
  keychain: Secrets;
  appVersion: string;
  /** What this desk has done without the server and not handed over yet. */
  unsent: () => number;
  /** This computer is this desk: it may keep what it knows under these keys. */
  joined: (identity: Identity, keyOf: (purpose: string) => Buffer) => void;
  /** The clinic's server is at this address: told at once, and whenever it turns out to be at another. */
  serverAt: (url: string) => Promise<void>;
  now: () => number;
  after: (ms: number, run: () => void) => () => void;
}>;

export type Membership = Readonly<{
  /** Takes up what this computer is, in its keychain's time; false when it is no desk of a clinic, and may host its own. */
  open: () => boolean;
  /** This desk's own way to its server; the plain one while it is no desk. */
  fetch: Fetch;
  tls: () => object | null;
  lost: () => void;
  handlers: Pick<DesktopHandlers, `desk.${string}` & keyof DesktopHandlers>;
  close: () => Promise<void>;
}>;

/** How often a keychain that does not open is asked again, in ms: it may ask its owner each time. */
const AGAIN = 15_000;

/** Of which clinic this computer is a desk: none, the one it was added to, or one whose key it cannot get at now. */
export function createMembership(options: Options): Membership {
  const { file, keychain, appVersion, unsent, joined, serverAt, now, after } = options;
  const identities = createIdentities(file, keychain, now);
  const browse = createBrowse(after);
  let held: Held = { state: 'none' };
  let connection: Connection | null = null;
  let cancel = () => {};
  let closed = false;

  async function join(identity: Identity): Promise<void> {
    await connection?.close();
    held = { state: 'joined', identity };
    const moved = (url: string) => void serverAt(url);
    const { keep } = identities;
    connection = createConnection({ identity, keep, browse, appVersion, unsent, moved, now, after });
    joined(identity, identities.keys());
    await serverAt(connection.url());
  }

  async function takeUp(): Promise<void> {
    const found = await identities.open();
    // Meanwhile it was added again, or everything ended.
    if (connection || closed) return;
    held = found;
    if (held.state === 'joined') return join(held.identity);
    // Somebody unlocks it when they see why nothing goes on. Only an administrator mends one that changed.
    if (held.state !== 'changed') cancel = after(AGAIN, () => void takeUp());
  }

  return {
    open() {
      if (!identities.isDesk()) return false;
      held = { state: 'silent' };
      void takeUp();
      return true;
    },
    fetch: (url, init) => (connection?.fetch ?? fetch)(url, init),
    tls: () => connection?.tls() ?? null,
    lost: () => connection?.lost(),
    handlers: createJoining({
      ...{ identities, browse, appVersion, random: randomBytes, joined: join },
      held: () => held,
      connection: () => connection,
    }),
    async close() {
      closed = true;
      cancel();
      await connection?.close();
    },
  };
}
