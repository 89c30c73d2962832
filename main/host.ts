import { API_PREFIX } from '../contract/http.ts';
import type { Arguments } from './arguments.ts';
import { createClinic } from './clinic.ts';
import { clinicFolder, installedService, keyOf, runningServer } from './clinic-folder.ts';
import { type Connected, otherDesks } from './desks.ts';
import type { Keychain } from './keychain.ts';
import { type Log, whereOf } from './log.ts';
import type { Places } from './places.ts';
import { runServer } from './server-process.ts';

type Options = Readonly<{
  asked: Pick<Arguments, 'data' | 'demo' | 'port' | 'doors' | 'server'>;
  places: Places;
  keychain: Keychain;
  log: Log;
  /** The server came, went, or turned out to have guides. */
  changed: (host: Host) => void;
  /** It does not come back, and why. */
  stuck: (reason: string) => void;
  now: () => number;
  after: (ms: number, run: () => void) => () => void;
}>;

export type Host = Readonly<{
  /** Finds the server or starts it, for as long as somebody wants to try; whether it is there. */
  open: (again: (reason: string) => Promise<boolean>) => Promise<boolean>;
  /** The clinic's server is elsewhere, at this address, from now on: none of this computer's own runs any more. */
  join: (url: string) => Promise<void>;
  url: () => string | null;
  /** Where the guides are; null while no server has them. */
  guides: () => string | null;
  /** Whether the server is this program's to keep and to end. */
  isOurs: () => boolean;
  /** The other computers on it; null when it does not say. */
  others: () => Promise<readonly Connected[] | null>;
  close: () => Promise<void>;
}>;

/** After so many failed starts in a row somebody is told why the server does not come back. */
const STUCK = 3;

/** The clinic's server as this computer has it: its own, one that runs here already, or one elsewhere. */
export function createHost({ asked, places, keychain, log, changed, stuck, now, after }: Options): Host {
  const { data, demo, port, doors } = asked;
  const folder = clinicFolder(data, demo);
  // A service's clinic is this computer's clinic, also while it does not answer: a second one would divide the records.
  const server = asked.server ?? (data || demo || process.env['MEDLANE_DATA'] ? null : installedService());
  const serverLog = places.log('server');
  let url: string | null = null;
  let guides: string | null = null;
  let joined = false;

  const clinic = createClinic({
    async find() {
      if (server) return server;
      const running = runningServer(folder);
      return running && (await answers(`${running.url}${API_PREFIX}/health`)) !== null ? running.url : null;
    },
    async run() {
      const key = await keyOf(folder, demo, keychain);
      const { node, server: script } = places;
      return runServer({ node, script, folder, demo, port, doors, key, log: serverLog, after });
    },
    tell,
    failed(error, times) {
      log('server.failed', { ...whereOf(error), times });
      if (times === STUCK) stuck(error.message);
    },
    now,
    after,
  });

  function tell(next: string | null): void {
    url = next;
    guides = null;
    log(url ? 'server.open' : 'server.gone', { ours: host.isOurs() });
    changed(host);
    if (url) void findGuides(url);
  }

  async function findGuides(of: string): Promise<void> {
    const found = await answers(`${of}/docs/`);
    if (!found || url !== of) return;
    guides = `${of}/docs/`;
    changed(host);
  }

  const host: Host = {
    async open(again) {
      for (;;) {
        try {
          await clinic.open();
          return true;
        } catch (error) {
          log('server.failed', { ...whereOf(error), times: 0 });
          if (!(await again((error as Error).message))) return false;
        }
      }
    },
    async join(next) {
      joined = true;
      await clinic.close();
      tell(next);
    },
    url: () => url,
    guides: () => guides,
    isOurs: () => !joined && clinic.isOurs(),
    others: () => otherDesks(runningServer(folder)),
    close: clinic.close,
  };
  return host;
}

/** Whether something is at an address; null when nobody answers there. */
const answers = (address: string): Promise<boolean | null> =>
  fetch(address, { signal: AbortSignal.timeout(2000) }).then(
    ({ ok }) => ok,
    () => null,
  );
