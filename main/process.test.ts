import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, it, vi } from 'vitest';
import { catchFaults } from './faults.ts';
import { watchIdle } from './idle.ts';
import { createLog, whereOf } from './log.ts';
import { guardQuit, mayQuit } from './quitting.ts';

const settle = () => new Promise((resolve) => setImmediate(resolve));

it('a fault that nobody caught is noted without what it was about, and told once', () => {
  const lines = new PassThrough();
  const program = new EventEmitter();
  const show = vi.fn();
  let time = 0;
  catchFaults({ process: program as never, log: createLog(lines, () => 0), show, now: () => time });
  program.emit('uncaughtException', new TypeError('Fadel Haddad, 0300 1234567'));
  program.emit('unhandledRejection', { patient: 'Fadel' });
  time = 61_000;
  program.emit('uncaughtException', Object.assign(new Error('Fadel'), { code: 'ENOSPC' }));
  const text = String(lines.read());
  expect(text).not.toMatch(/Fadel|0300/);
  expect(
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  ).toMatchObject([
    { event: 'fault.uncaught', kind: 'TypeError', at: expect.stringContaining('process.test.ts') },
    { event: 'fault.rejected', kind: 'object' },
    { event: 'fault.uncaught', kind: 'Error ENOSPC' },
  ]);
  expect(show).toHaveBeenCalledTimes(2);
});

it('where a fault was is said without the folders, which may name a person', () => {
  const error = new Error('x');
  error.stack = 'Error: Fadel\nHaddad\n    at a (file:///home/rosa/app/main.js:1:2)\n    at C:\\Users\\rosa\\b.js:3:4';
  expect(whereOf(error).at).toBe('at a (main.js:1:2) < at b.js:3:4');
});

it('tells once for each time that somebody left', () => {
  const monitor = Object.assign(new EventEmitter(), { getSystemIdleTime: () => idle });
  const reasons: string[] = [];
  let idle = 0;
  let look: () => void = () => undefined;
  const idleWatch = watchIdle({
    monitor,
    lock: (reason) => void reasons.push(reason),
    after: (_ms, run) => {
      look = run;
      return () => undefined;
    },
  });
  idle = 900;
  look();
  expect(reasons).toEqual([]);
  idleWatch.afterMinutes(5);
  for (const seconds of [10, 299, 300, 315, 2, 400]) {
    idle = seconds;
    look();
  }
  idleWatch.afterMinutes(0);
  idle = 9000;
  look();
  monitor.emit('lock-screen');
  monitor.emit('suspend');
  expect(reasons).toEqual(['idle', 'idle', 'screen', 'sleep']);
});

function quitting(may: () => Promise<boolean>) {
  const app = Object.assign(new EventEmitter(), {
    ended: 0,
    quit() {
      const preventDefault = vi.fn();
      app.emit('before-quit', { preventDefault });
      if (preventDefault.mock.calls.length === 0) app.ended += 1;
    },
  });
  const guard = guardQuit({ app: app as never, may });
  return { app, guard };
}

it('asks once before it quits, and stays when the answer is no', async () => {
  const may = vi.fn(async () => false);
  const { app, guard } = quitting(may);
  app.quit();
  app.quit();
  await settle();
  expect([may.mock.calls.length, app.ended, guard.decided()]).toEqual([1, 0, false]);
  may.mockResolvedValueOnce(true);
  app.quit();
  await settle();
  expect([may.mock.calls.length, app.ended, guard.decided()]).toEqual([2, 1, true]);
});

it('holds nobody who shuts the computer down, nor when it cannot ask', async () => {
  const may = vi.fn(async () => Promise.reject(new Error('no dialog')));
  const shutDown = quitting(may);
  shutDown.guard.decide();
  shutDown.app.quit();
  expect([may.mock.calls.length, shutDown.app.ended]).toEqual([0, 1]);
  const broken = quitting(may);
  broken.app.quit();
  await settle();
  expect(broken.app.ended).toBe(1);
});

it('asks where somebody would miss it, and only there', async () => {
  const desk = { name: 'Rosa', place: 'RECEPTION-1', here: false, since: '' };
  const asked: string[] = [];
  const run = (answers: string[], { ours = true, board = false, others = [desk] as (typeof desk)[] | null } = {}) =>
    mayQuit({
      ask: async ({ key, facts }) => {
        asked.push(`${key} ${facts?.['names'] ?? ''}`.trim());
        return answers.shift() ?? 'cancel';
      },
      t: () => ', ',
      host: { isOurs: () => ours, others: async () => others },
      kiosk: { isOn: () => board, leave: () => void asked.push('left') },
      windows: { main: () => null },
    });
  expect(await run([], { ours: false })).toBe(true);
  expect(await run([], { others: [] })).toBe(true);
  expect(asked).toEqual([]);
  expect(await run(['cancel'])).toBe(false);
  expect(await run(['quit'])).toBe(true);
  expect(await run(['cancel'], { others: null })).toBe(false);
  expect(asked.splice(0)).toEqual(['quit Rosa (RECEPTION-1)', 'quit Rosa (RECEPTION-1)', 'quitUnknown']);
  expect(await run(['stay'], { board: true })).toBe(false);
  expect(await run(['leave'], { board: true })).toBe(false);
  expect(await run(['quit', 'quit'], { board: true })).toBe(true);
  expect(asked).toEqual(['leaveBoard', 'leaveBoard', 'left', 'leaveBoard', 'quit Rosa (RECEPTION-1)']);
});
