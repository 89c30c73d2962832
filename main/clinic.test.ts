import { expect, it } from 'vitest';
import { createClinic } from './clinic.ts';
import { type RunningServer, ServerFailed } from './server-process.ts';

/** A clinic on made-up servers and a clock that is wound by hand. */
function setUp(options: { there?: () => string | null; fails?: () => Error | null } = {}) {
  const told: (string | null)[] = [];
  const failures: (readonly [string, number])[] = [];
  const planned: { ms: number; run: () => void }[] = [];
  const running: { die: () => void; stopped: boolean }[] = [];
  let now = 0;
  const run = async (): Promise<RunningServer> => {
    const error = options.fails?.();
    if (error) throw error;
    const { promise: gone, resolve } = Promise.withResolvers<void>();
    const server = { die: resolve, stopped: false };
    running.push(server);
    const stop = async () => {
      server.stopped = true;
      resolve();
    };
    return { url: `http://127.0.0.1:${running.length}`, gone, stop };
  };
  const clinic = createClinic({
    find: async () => options.there?.() ?? null,
    run,
    tell: (url) => told.push(url),
    failed: (error, times) => failures.push([error.message, times]),
    now: () => now,
    after: (ms, go) => {
      const plan = { ms, run: go };
      planned.push(plan);
      return () => void planned.splice(planned.indexOf(plan), 1);
    },
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const next = async () => {
    const plan = planned.shift();
    plan?.run();
    await settle();
    return plan?.ms;
  };
  return { clinic, told, failures, planned, running, settle, next, pass: (ms: number) => (now += ms) };
}

it('uses a server that is there, and leaves it running', async () => {
  const { clinic, told, running } = setUp({ there: () => 'http://127.0.0.1:9' });
  await clinic.open();
  expect([told, clinic.isOurs(), running.length]).toEqual([['http://127.0.0.1:9'], false, 0]);
  await clinic.close();
});

it('starts one where there is none, and ends it', async () => {
  const { clinic, running, planned } = setUp();
  await clinic.open();
  expect(clinic.isOurs()).toBe(true);
  await clinic.close();
  expect([running[0]?.stopped, planned.length]).toEqual([true, 0]);
});

it('starts a server that died again, less and less often while it keeps dying', async () => {
  const { clinic, told, running, settle, next, pass } = setUp();
  await clinic.open();
  const pauses: (number | undefined)[] = [];
  for (let time = 0; time < 9; time += 1) {
    running.at(-1)?.die();
    await settle();
    pauses.push(await next());
  }
  expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  expect(told.slice(0, 3)).toEqual(['http://127.0.0.1:1', null, 'http://127.0.0.1:2']);
  pass(61_000);
  running.at(-1)?.die();
  await settle();
  expect(await next()).toBe(500);
});

it('keeps trying while a restart fails, and says why it failed', async () => {
  const faults: (Error | null)[] = [null, new Error('port'), new Error('port'), null];
  const { clinic, failures, running, settle, next } = setUp({ fails: () => faults.shift() ?? null });
  await clinic.open();
  running[0]?.die();
  await settle();
  for (let time = 0; time < 3; time += 1) await next();
  expect(running).toHaveLength(2);
  expect(failures).toEqual([
    ['port', 1],
    ['port', 2],
  ]);
});

it('takes the server of whoever was faster; tells any other fault', async () => {
  let there: string | null = null;
  const inUse = () => {
    there = 'http://127.0.0.1:9';
    return new ServerFailed('in use', true);
  };
  const { clinic, told } = setUp({ there: () => there, fails: inUse });
  await clinic.open();
  expect([told, clinic.isOurs()]).toEqual([['http://127.0.0.1:9'], false]);
  const broken = setUp({ fails: () => new ServerFailed('The key file is damaged.', false) });
  await expect(broken.clinic.open()).rejects.toThrow('The key file is damaged.');
});

it('closing while a restart waits starts nothing more', async () => {
  const { clinic, running, planned, settle } = setUp();
  await clinic.open();
  running[0]?.die();
  await settle();
  await clinic.close();
  expect([planned.length, running.length]).toEqual([0, 1]);
});
