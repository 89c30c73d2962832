import { createHash, X509Certificate } from 'node:crypto';
import { createClient } from '../../contract/client.ts';
import type { DeskState, FoundStep, Trouble } from '../../contract/desktop.ts';
import { type Fetch, httpTransport } from '../../contract/http.ts';
import { api } from '../../contract/index.ts';
import { type Browse, findServer } from './discovery.ts';
import type { Identity } from './identity.ts';
import { createSecure, type Secure, type tlsFor, troubleOf } from './secure.ts';

type Options = Readonly<{
  identity: Identity;
  keep: (identity: Identity) => Promise<void>;
  browse: Browse;
  appVersion: string;
  /** What this desk has done without the server and not handed over yet. */
  unsent: () => number;
  /** Told where the server is whenever that changed. */
  moved: (url: string) => void;
  now: () => number;
  after: (ms: number, run: () => void) => () => void;
}>;

export type Connection = Readonly<{
  fetch: Fetch;
  /** For the socket: what `tls.connect` takes. */
  tls: () => ReturnType<typeof tlsFor>;
  url: () => string;
  identity: () => Identity;
  trouble: () => Trouble | null;
  /** Nobody answers where the server was: it is looked for, again and again, until it is found. */
  lost: () => void;
  find: (typed?: string) => Promise<readonly FoundStep[]>;
  close: () => Promise<void>;
}>;

/** How long to wait between two searches, in ms; and how often it is looked whether the certificate must be renewed. */
const AGAIN = 5000;
const LOOK = 3_600_000;

/** A joined desk's way to its server: found by who it is, kept by its certificate, told apart in its troubles. */
export function createConnection(options: Options): Connection {
  const { keep, browse, appVersion, unsent, moved, now, after } = options;
  let { identity } = options;
  let secure: Secure = createSecure(identity);
  let trouble: Trouble | null = null;
  let searching: Promise<readonly FoundStep[]> | null = null;
  let renewing: Promise<void> | null = null;
  let closed = false;
  let cancelSearch = () => {};
  let cancelLook = () => {};
  const url = () => `https://${identity.addresses[0]}`;

  const fetch: Fetch = async (where, init) => {
    const headers = { ...(init.headers as Record<string, string>), ...said() };
    try {
      const response = await secure.fetch(where, { ...init, headers });
      trouble = REFUSED.includes(response.status) ? await refusalIn(response.clone()) : null;
      if (trouble) lost();
      return response;
    } catch (error) {
      if (!init.signal?.aborted) {
        trouble = troubleOf(error);
        lost();
      }
      throw error;
    }
  };
  const said = () => ({
    'Medlane-Version': appVersion,
    'Medlane-Unsent': String(unsent()),
    'Medlane-Epoch': identity.epoch,
  });

  async function remember(change: Partial<Identity>): Promise<void> {
    identity = { ...identity, ...change };
    // What cannot be written today is found again tomorrow.
    await keep(identity).catch(() => undefined);
  }

  async function search(typed?: string): Promise<readonly FoundStep[]> {
    const steps: FoundStep[] = [];
    const fingerprint = createHash('sha256').update(new X509Certificate(identity.root).raw).digest('hex');
    const tell = (step: FoundStep) => void steps.push(step);
    const found = await findServer({ identity, fetch: secure.fetch, browse, fingerprint, typed, tell });
    if (closed) return steps;
    if (found) {
      trouble = null;
      const { address, epoch, clinic, name, place } = found;
      const others = identity.addresses.filter((one) => one !== address).slice(0, 7);
      const before = url();
      await remember({ addresses: [address, ...others], epoch, clinic, name, place });
      if (url() !== before) {
        // Where it was, nobody answers any more: what still waits there is told so.
        void refresh().close();
        moved(url());
      }
    } else trouble = worst(steps);
    // Also one that ran out is still good for a new one.
    if (trouble === 'expired') {
      const renewed = await renew().then(
        () => true,
        () => false,
      );
      if (renewed) trouble = null;
    }
    return steps;
  }

  function find(typed?: string): Promise<readonly FoundStep[]> {
    if (typed) return search(typed);
    searching ??= search().finally(() => {
      searching = null;
    });
    return searching;
  }

  function lost(): void {
    if (closed || searching) return;
    cancelSearch();
    const again = () => {
      cancelSearch = after(AGAIN, lost);
    };
    find().then(() => trouble !== null && again(), again);
  }

  function renew(): Promise<void> {
    renewing ??= renewOnce().finally(() => {
      renewing = null;
    });
    return renewing;
  }

  /** A new certificate for the same key, when half of the old one's time is over. */
  async function renewOnce(): Promise<void> {
    const { certificate } = identity;
    const { publicKey, validFrom, validTo } = new X509Certificate(certificate);
    if (now() < (Date.parse(validFrom) + Date.parse(validTo)) / 2) return;
    const pem = String(publicKey.export({ type: 'spki', format: 'pem' }));
    const base = url();
    const client = createClient(api, httpTransport({ base, fetch: secure.fetch, headers: () => ({}) }));
    await remember({ certificate: (await client.devices.renew({ publicKey: pem })).certificate });
    refresh().retire();
  }

  /** Goes on with new connections, by today's certificate; the answer is the way of before. */
  function refresh(): Secure {
    const before = secure;
    secure = createSecure(identity);
    return before;
  }

  const look = () => {
    if (!closed) cancelLook = after(LOOK, () => void renew().then(look, look));
  };
  renew().then(look, look);
  // Also when all seems well: the clinic may be in another life, or under another name.
  lost();

  return {
    fetch,
    url,
    lost,
    find,
    tls: () => secure.tls,
    identity: () => identity,
    trouble: () => trouble,
    async close() {
      closed = true;
      cancelSearch();
      cancelLook();
      await secure.close();
    },
  };
}

/** What tells a person more than that nobody is there. */
const worst = (steps: readonly FoundStep[]): Trouble => {
  const outcomes = steps.map(({ outcome }) => outcome).filter((outcome) => outcome !== 'found');
  return outcomes.find((outcome) => outcome !== 'nobody') ?? 'nobody';
};

/** Statuses with which the desks' door may refuse the desk itself. */
const REFUSED = [403, 409];
const ABOUT_THE_DESK: readonly unknown[] = ['device_revoked', 'certificate_expired', 'not_this_clinic', 'older_server'];

async function refusalIn(response: Response): Promise<Trouble | null> {
  const said = (await response.json().catch(() => null)) as { error?: { code?: unknown } } | null;
  return ABOUT_THE_DESK.includes(said?.error?.code) ? troubleOf(said?.error) : null;
}

/** What a page is told of the clinic that this computer is a desk of. */
export const joinedView = ({ clinic, name, stationCode, place }: Identity): NonNullable<DeskState['joined']> => ({
  clinic,
  name,
  code: stationCode,
  place,
});
