import { on } from 'node:events';
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
  /** Runs a task as pieces of text, at the pace of whoever reads them; each is lent until the next is asked for. */
  stream: (task: Task) => AsyncIterable<Uint8Array>;
}>;

export function createWorkers(location: StoreLocation, master: Buffer): Workers {
  const start = (task: Task) => {
    // Beside this file in the sources, and beside the bundle in the product.
    const file = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);
    const workerData: WorkerOrder = { location, master, task };
    // What it makes is handed on at once: a small heap is collected often and stays small.
    return new Worker(file, {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 4 },
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

    async *stream(task) {
      const worker = start(task);
      try {
        for await (const [message] of on(worker, 'message', { close: ['exit'] }) as AsyncIterable<[WorkerMessage]>) {
          if ('error' in message) throw new Error(message.error);
          if ('result' in message) return;
          if (!('chunk' in message)) continue;
          yield message.chunk;
          worker.postMessage(message.chunk.buffer, [message.chunk.buffer]);
        }
        throw new Error('The worker ended in the middle.');
      } finally {
        await worker.terminate();
      }
    },
  };
}
