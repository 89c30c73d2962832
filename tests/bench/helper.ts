import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A process beside the bench: what it measures has a thread, a heap and an event loop of its own. */
export type Helper<Order, Result> = Readonly<{ pid: number; ask: (order: Order) => Promise<Result>; stop: () => void }>;

export function startHelper<Order, Result>(
  file: string,
  env: Readonly<Record<string, string>> = {},
): Helper<Order, Result> {
  const child: ChildProcess = fork(fileURLToPath(new URL(file, import.meta.url)), {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const orphan = () => child.kill('SIGKILL');
  process.once('exit', orphan);
  child.once('exit', () => process.removeListener('exit', orphan));
  return {
    pid: child.pid as number,
    ask: (order) =>
      new Promise((resolve, reject) => {
        const ended = (code: number | null) => reject(new Error(`${file} ended with ${code}.`));
        child.once('exit', ended);
        child.once('message', (message: { result?: Result; error?: string }) => {
          child.removeListener('exit', ended);
          if (message.error !== undefined) reject(new Error(`${file}: ${message.error}`));
          else resolve(message.result as Result);
        });
        child.send(order as object);
      }),
    stop: () => void child.kill(),
  };
}

/** The other side: answers one order after another. */
export function answerOrders<Order, Result>(work: (order: Order) => Promise<Result>): void {
  // Whoever gave the orders is gone.
  process.on('disconnect', () => process.exit());
  process.on('message', (order: Order) => {
    work(order).then(
      (result) => process.send?.({ result }),
      (error: Error) => process.send?.({ error: error.stack ?? error.message }),
    );
  });
}
