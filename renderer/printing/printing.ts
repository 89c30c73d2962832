import type { Download } from '../../contract/client.ts';
import { createStore, type Store } from '../store.ts';

/** Which of the computer's printers: the small one for slips, or the one for sheets. */
export type Tray = 'slip' | 'page';

/** A paper that somebody wants. */
export type Wanted = Readonly<{
  /** What it is of: the same paper wanted again while it is still on its way is the same job. */
  key: string;
  /** What it is called, in the person's language. */
  what: string;
  tray: Tray;
  /** Brings it. Called again when printing is tried again, and then brings the same copy. */
  fetch: () => Promise<Download>;
}>;

export type PrintJob = Readonly<{
  key: string;
  what: string;
  state: 'waiting' | 'printing' | 'failed';
  /** Why it failed. */
  error: unknown;
}>;

export type Printing = Readonly<{
  /** What is not on paper yet, in its order. */
  jobs: Store<readonly PrintJob[]>;
  /** Never waits, never throws: the desk goes on, and the jobs say how it stands. */
  print: (wanted: Wanted) => void;
  again: (key: string) => void;
  dismiss: (key: string) => void;
  /** Somebody else sits here now. */
  clear: () => void;
}>;

/** How a paper reaches a printer. */
export type Deliver = (pdf: Blob, tray: Tray) => Promise<void>;

type Options = Readonly<{
  deliver: Deliver;
  pause: (ms: number) => Promise<void>;
  isPassing: (error: unknown) => boolean;
}>;

/** Pauses before it is tried again by itself, in ms; afterwards a person is asked. */
const PAUSES = [1000, 4000];

/** Prints one paper after another, tries again what failed, and leaves what keeps failing for a person to decide. */
export function createPrinting({ deliver, pause, isPassing }: Options): Printing {
  const jobs = createStore<readonly PrintJob[]>([]);
  const wanted = new Map<string, Wanted>();
  let working = false;

  const change = (key: string, more: Partial<PrintJob>) =>
    jobs.set(jobs.get().map((job) => (job.key === key ? { ...job, ...more } : job)));
  const forget = (key: string) => {
    wanted.delete(key);
    jobs.set(jobs.get().filter((job) => job.key !== key));
  };

  async function attempt({ fetch, tray }: Wanted): Promise<void> {
    for (const delay of [...PAUSES, null]) {
      try {
        const { body, media } = await fetch();
        return await deliver(await new Response(body, { headers: { 'Content-Type': media } }).blob(), tray);
      } catch (error) {
        if (delay === null || !isPassing(error)) throw error;
        await pause(delay);
      }
    }
  }

  async function work(): Promise<void> {
    if (working) return;
    working = true;
    for (let next = waiting(); next; next = waiting()) {
      const { key } = next;
      change(key, { state: 'printing' });
      try {
        await attempt(wanted.get(key) as Wanted);
        forget(key);
      } catch (error) {
        change(key, { state: 'failed', error });
      }
    }
    working = false;
  }
  const waiting = () => jobs.get().find(({ state }) => state === 'waiting');

  function again(key: string): void {
    change(key, { state: 'waiting', error: null });
    void work();
  }

  return {
    jobs,
    again,
    dismiss: forget,
    clear() {
      for (const { key, state } of jobs.get()) if (state !== 'printing') forget(key);
    },
    print(paper) {
      const known = jobs.get().find(({ key }) => key === paper.key);
      if (known) return known.state === 'failed' ? again(paper.key) : undefined;
      wanted.set(paper.key, paper);
      jobs.set([...jobs.get(), { key: paper.key, what: paper.what, state: 'waiting', error: null }]);
      void work();
    },
  };
}
