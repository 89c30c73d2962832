import { ApiError } from '../../contract/kit.ts';

/** For how long (ms) a person waits for the server before the desk goes on by itself. */
export const PATIENCE = 2000;

/** And for a sign-in with a server that was there a moment ago: two slow hashes are made on the way. */
export const PATIENCE_AT_THE_DOOR = 15_000;

/** Gives what is asked of the server its time; after that it is refused as if nobody had answered. */
export const createPatience =
  (after: (ms: number, run: () => void) => () => void) =>
  <T>(work: Promise<T>, patience = PATIENCE): Promise<T> =>
    new Promise((resolve, reject) => {
      const stop = after(patience, () => reject(new ApiError('unavailable')));
      work.then(resolve, reject).finally(stop);
    });
