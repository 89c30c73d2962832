import { type RunningServer, ServerFailed } from './server-process.ts';

type Options = Readonly<{
  /** A server that runs already and answers. */
  find: () => Promise<string | null>;
  run: () => Promise<RunningServer>;
  /** Told where the server is; null while there is none. */
  tell: (url: string | null) => void;
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

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;
/** A server that ran this long did not die of its start. */
const SETTLED = 60_000;

/** Keeps the clinic's server running: one that dies is started again, sooner at first and then less often. */
export function createClinic({ find, run, tell, after, now }: Options): Clinic {
  let ours: RunningServer | null = null;
  let isOurs = false;
  let closing = false;
  let pause = FIRST_PAUSE;
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
      const since = now();
      tell(server.url);
      void server.gone.then(() => died(since));
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

  function died(since: number) {
    ours = null;
    if (closing) return;
    tell(null);
    if (now() - since > SETTLED) pause = FIRST_PAUSE;
    again();
  }

  function again() {
    cancelRestart = after(pause, () => {
      opening = attempt().catch(() => (closing ? undefined : again()));
    });
    pause = Math.min(pause * 2, LONGEST_PAUSE);
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
