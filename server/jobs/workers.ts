import { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { StoreLocation } from '../db/open.ts';
import type { JobResult } from './jobs.ts';
import type { Task, WorkerMessage, WorkerOrder } from './worker.ts';

export type Workers = Readonly<{
  /** Runs a task to its result. */
  run: (
    task: Task,
    options?: { signal?: AbortSignal; progress?: (done: number, total: number | null) => void },
  ) => Promise<JobResult>;
  /** Runs a task as a stream of text, at the pace of whoever reads it. */
  stream: (task: Task) => Readable;
}>;

export function createWorkers(location: StoreLocation, master: Buffer): Workers {
  const start = (task: Task) => {
    // Beside this file in the sources, and beside the bundle in the product.
    const file = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);
    const workerData: WorkerOrder = { location, master, task };
    // What it makes is handed on at once: a small heap is collected often and stays small.
    return new Worker(file, {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 16 },
    });
  };

  return {
    run: (task, { signal, progress } = {}) =>
      new Promise((resolve, reject) => {
        const worker = start(task);
        const stop = () => void worker.terminate().then(() => reject(new Error('cancelled')));
        signal?.addEventListener('abort', stop, { once: true });
        worker.on('message', (message: WorkerMessage) => {
          if ('result' in message) resolve(message.result);
          else if ('error' in message) reject(new Error(message.error));
          else if ('done' in message) progress?.(message.done, message.total);
        });
        worker.on('error', reject);
        worker.on('exit', () => {
          signal?.removeEventListener('abort', stop);
          reject(new Error('The worker ended without a result.'));
        });
      }),

    stream(task) {
      const worker = start(task);
      const readable = new Readable({
        read: () => worker.postMessage('more'),
        destroy: (error, done) => void worker.terminate().then(() => done(error)),
      });
      worker.on('message', (message: WorkerMessage) => {
        if ('chunk' in message) readable.push(message.chunk);
        else if ('error' in message) readable.destroy(new Error(message.error));
        else if ('result' in message) readable.push(null);
      });
      worker.on('error', (error) => readable.destroy(error));
      return readable;
    },
  };
}
