import { type Log, whereOf } from './log.ts';

type Options = Readonly<{
  process: Pick<NodeJS.Process, 'on'>;
  log: Log;
  /** Says it to the person at the desk, in words. */
  show: () => void;
  now: () => number;
}>;

/** Somebody who has just been told need not be told again. */
const QUIET = 60_000;

/** A fault of this process that nobody caught: noted without what it was about, and told. The clinic goes on. */
export function catchFaults({ process, log, show, now }: Options): void {
  let shownAt = Number.NEGATIVE_INFINITY;
  const caught = (event: string) => (error: unknown) => {
    log(event, whereOf(error));
    if (now() - shownAt < QUIET) return;
    shownAt = now();
    show();
  };
  process.on('uncaughtException', caught('fault.uncaught'));
  process.on('unhandledRejection', caught('fault.rejected'));
}
