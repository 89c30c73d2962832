import type { DeskState, DesktopHandlers } from '../../contract/desktop.ts';
import { ApiError } from '../../contract/kit.ts';
import { type Connection, joinedView } from './connection.ts';
import type { Browse } from './discovery.ts';
import type { Held, Identities, Identity } from './identity.ts';
import { type Introduced, introduce } from './pairing.ts';

type Options = Readonly<{
  identities: Identities;
  /** As far as the keychain has told. */
  held: () => Held;
  /** The way to the clinic's server; null while this computer is no desk. */
  connection: () => Connection | null;
  browse: Browse;
  appVersion: string;
  random: (bytes: number) => Buffer;
  /** This computer is a desk of a clinic from now on. */
  joined: (identity: Identity) => Promise<void>;
}>;

/** How long the network is listened to, in ms. */
const LISTEN = 2500;

/** What the pages may ask of this desk about itself: what it is, what keeps it away, and how to become one. */
export function createJoining(options: Options): Pick<DesktopHandlers, `desk.${string}` & keyof DesktopHandlers> {
  const { identities, held, connection, browse, appVersion, random, joined } = options;
  let introduced: Introduced | null = null;

  const state = (): DeskState => {
    const now = connection();
    const { state: kept } = held();
    const keychain = now || kept === 'joined' || kept === 'none' ? 'available' : kept;
    return { keychain, joined: now && joinedView(now.identity()), trouble: now?.trouble() ?? null };
  };

  /** @throws ApiError when this computer could not keep who it is: nothing is begun then. */
  async function mustKeep(): Promise<void> {
    const can = await identities.canKeep();
    if (can !== 'yes') throw new ApiError(can === 'absent' ? 'no_keychain' : 'keychain_locked');
  }

  return {
    'desk.state': state,
    async 'desk.search'() {
      const servers = (await browse(LISTEN)).map(({ address }) => address);
      return { servers: [...new Set(servers)] };
    },
    async 'desk.pair'({ address }) {
      await mustKeep();
      await introduced?.close();
      introduced = await introduce({ address, appVersion, random });
      return { code: introduced.code, until: introduced.until };
    },
    async 'desk.answer'({ code }) {
      if (!introduced) throw new ApiError('pairing_closed');
      await mustKeep();
      const identity = await introduced.answer(code);
      await identities.begin(identity);
      await introduced.close();
      introduced = null;
      await joined(identity);
      return state();
    },
    async 'desk.find'({ address }) {
      return { steps: [...((await connection()?.find(address)) ?? [])] };
    },
  };
}
