import { createBackOff } from './back-off.ts';
import { type RunningServer, ServerFailed } from './server-process.ts';

type Options = Readonly<{
  /** A server that runs already and answers. */
  find: () => Promise<string | null>;
  run: () => Promise<RunningServer>;
  /** Told where the server is; null while there is none. */
  tell: (url: string | null) => void;
  /** Told when starting it again did not work, and how many times in a row that was. */
  failed: (error: Error, times: number) => void;
  after: (ms: number, run: () => void) => () => void;
  now: () => number;
}>;

export type Clinic = Readonly<{
  /** Finds the server or starts it. @throws when it does not start. */
  open: () => Promise<void>;
  /** Whether the server is this program's to keep and to end. */
  isOurs: () => boolean;
  close: () => Promise<void>;
}>;

const PAUSES = { first: 500, longest: 30_000, settled: 60_000 };

/** Keeps the clinic's server running: one that dies is started again, sooner at first and then less often. */
export function createClinic({ find, run, tell, failed, after, now }: Options): Clinic {
  const backOff = createBackOff({ ...PAUSES, now });
  let ours: RunningServer | null = null;
  let isOurs = false;
  let closing = false;
  let cancelRestart: () => void = () => undefined;
  /** What is being started, so that closing in that moment leaves nothing behind. */
  let opening: Promise<void> = Promise.resolve();

  async function attempt(): Promise<void> {
    const there = await find();
    if (there) return use(there);
    try {
      const server = await run();
      ours = server;
      isOurs = true;
      backOff.began();
      tell(server.url);
      void server.gone.then(died);
    } catch (error) {
      // Somebody else was faster.
      const faster = error instanceof ServerFailed && error.inUse ? await find() : null;
      if (!faster) throw error;
      use(faster);
    }
  }

  function use(url: string) {
    isOurs = false;
    tell(url);
  }

  function died() {
    ours = null;
    if (closing) return;
    tell(null);
    again();
  }

  function again() {
    const next = backOff.next();
    cancelRestart = after(next.pause, () => {
      opening = attempt().catch((error: Error) => {
        if (closing) return;
        failed(error, next.attempt);
        again();
      });
    });
  }

  return {
    open() {
      const first = attempt();
      opening = first.catch(() => undefined);
      return first;
    },
    isOurs: () => isOurs,
    async close() {
      closing = true;
      cancelRestart();
      await opening;
      await ours?.stop();
    },
  };
}
