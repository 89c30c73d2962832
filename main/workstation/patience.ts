import { ApiError } from '../../contract/kit.ts';

/** For how long (ms) a person waits for the server before the desk goes on by itself. */
export const PATIENCE = 2000;

/** Gives what is asked of the server its time; after that it is refused as if nobody had answered. */
export const createPatience =
  (after: (ms: number, run: () => void) => () => void) =>
  <T>(work: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const stop = after(PATIENCE, () => reject(new ApiError('unavailable')));
      work.then(resolve, reject).finally(stop);
    });
