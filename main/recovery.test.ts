import { EventEmitter } from 'node:events';
import { expect, it, vi } from 'vitest';
import { createRecovery } from './recovery.ts';

vi.mock('electron', () => ({ protocol: {} }));

/** A window whose page crashes, hangs and loads when told to; pauses pass at once unless they are counted. */
function setUp({ alone = false, ends = true }: { alone?: boolean; ends?: boolean } = {}) {
  const contents = Object.assign(new EventEmitter(), {
    url: 'app://clinic/index.html#/reception',
    getURL: () => contents.url,
    reload: vi.fn(() => contents.emit('did-finish-load')),
    forcefullyCrashRenderer: vi.fn(() => crash('killed')),
  });
  const window = Object.assign(new EventEmitter(), {
    webContents: contents,
    isDestroyed: () => false,
    loadURL: vi.fn(async (url: string) => {
      contents.url = url;
      contents.emit('did-finish-load');
    }),
  });
  const logged: string[] = [];
  const pauses: number[] = [];
  const waiting: (() => void)[] = [];
  let time = 0;
  const tellBack = vi.fn();
  const askToEnd = vi.fn(async (_window: unknown, _givenUp: AbortSignal) => ends);
  createRecovery({
    log: (event) => void logged.push(event),
    now: () => time,
    after: (ms, run) => {
      pauses.push(ms);
      waiting.push(run);
      return () => void waiting.splice(waiting.indexOf(run), 1);
    },
    alone: () => alone,
    tellBack,
    askToEnd,
  })(window as never);
  contents.emit('did-finish-load');
  const crash = (reason = 'crashed') => void contents.emit('render-process-gone', {}, { reason, exitCode: 1 });
  const wait = async () => {
    waiting.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    window,
    contents,
    logged,
    pauses,
    waiting,
    tellBack,
    askToEnd,
    crash,
    wait,
    pass: (ms: number) => (time += ms),
  };
}

it('loads a page that crashed again, and says so', async () => {
  const { contents, crash, wait, tellBack, logged } = setUp();
  crash();
  expect(contents.reload).not.toHaveBeenCalled();
  await wait();
  expect([contents.reload.mock.calls.length, tellBack.mock.calls.length, logged]).toEqual([1, 1, ['page.gone']]);
});

it('more and more slowly while it keeps crashing; then a plain page says so, and leads back', async () => {
  const { window, contents, pauses, crash, wait, pass } = setUp();
  for (let time = 0; time < 5; time += 1) {
    crash('oom');
    await wait();
  }
  expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000]);
  expect([contents.reload.mock.calls.length, contents.url]).toEqual([4, 'app://clinic/trouble.html']);
  // Somebody goes back by its link, and it holds this time: all is forgotten.
  await window.loadURL('app://clinic/index.html');
  pass(61_000);
  crash();
  expect(pauses.at(-1)).toBe(1000);
});

it('nobody is told on a board, and a page that ended by itself is left', async () => {
  const { crash, wait, tellBack, contents } = setUp({ alone: true });
  crash('clean-exit');
  await wait();
  expect(contents.reload).not.toHaveBeenCalled();
  crash();
  await wait();
  expect([contents.reload.mock.calls.length, tellBack.mock.calls.length]).toEqual([1, 0]);
});

it('a page that hangs is ended and loaded again when somebody says so, and asked about once', async () => {
  const { window, contents, askToEnd, wait } = setUp();
  window.emit('unresponsive');
  window.emit('unresponsive');
  await wait();
  await wait();
  expect([askToEnd.mock.calls.length, contents.forcefullyCrashRenderer.mock.calls.length]).toEqual([1, 1]);
  expect(contents.reload).toHaveBeenCalledOnce();
});

it('the question is withdrawn when the page answers again', async () => {
  const { window, contents, askToEnd, wait } = setUp({ ends: false });
  window.emit('unresponsive');
  window.emit('responsive');
  expect(askToEnd.mock.calls[0]?.[1].aborted).toBe(true);
  await wait();
  expect(contents.forcefullyCrashRenderer).not.toHaveBeenCalled();
});

it('a board that hangs is ended after a while, unless it comes back', async () => {
  const { window, contents, askToEnd, waiting, pauses, wait } = setUp({ alone: true });
  window.emit('unresponsive');
  window.emit('responsive');
  expect(waiting).toEqual([]);
  window.emit('unresponsive');
  expect(pauses.at(-1)).toBe(20_000);
  await wait();
  expect([contents.forcefullyCrashRenderer.mock.calls.length, askToEnd.mock.calls.length]).toEqual([1, 0]);
});
