import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Reply } from '../contract/client.ts';
import { api } from '../contract/index.ts';
import { ApiError, listOperations } from '../contract/kit.ts';
import { openIpc } from './ipc.ts';

type Handler = (event: unknown, ...given: unknown[]) => Promise<Reply>;
const electron = vi.hoisted(() => ({ handlers: new Map<string, unknown>() }));
vi.mock('electron', () => ({
  ipcMain: { handle: (channel: string, handler: unknown) => void electron.handlers.set(channel, handler) },
  protocol: {},
}));

const sent: unknown[][] = [];
const contents = { isDestroyed: () => false, send: (...told: unknown[]) => void sent.push(told) };
const ours = { parent: null, origin: 'app://clinic', url: 'app://clinic/index.html#/reception' };
const call = vi.fn();
const language = vi.fn(() => null);
const stop = vi.fn(() => null);
const idle = vi.fn(() => null);
const desk = {
  'desk.state': () => ({ keychain: 'available' as const, joined: null, trouble: null }),
  'desk.search': () => ({ servers: ['10.0.0.5:7444'], secret: 'not declared' }),
  'desk.pair': vi.fn(),
  'desk.answer': vi.fn(),
  'desk.find': vi.fn(),
  'work.list': vi.fn(),
  'work.prove': vi.fn(),
  'work.again': vi.fn(),
  'work.setAside': vi.fn(),
  'work.export': vi.fn(),
  'desktop.link': vi.fn(),
};
const push = openIpc({
  windows: () => [{ webContents: contents } as never],
  call,
  desktop: { ...desk, 'desktop.language': language, 'desktop.idle': idle, 'desktop.stop': stop },
});
const handler = electron.handlers.get('medlane:call') as Handler;
const invoke = (...given: unknown[]) => handler({ sender: contents, senderFrame: ours }, ...given);
const codeOf = (reply: Reply) => (reply.ok ? 'ok' : reply.error.code);

beforeEach(() => {
  call.mockReset();
  call.mockResolvedValue('answer');
});

describe('who may call', () => {
  it('answers the main frame of our own page', async () => {
    expect(await invoke('auth.me', {}, {})).toEqual({ ok: true, value: 'answer' });
  });

  it.each([
    ['no frame', null],
    ['a frame inside the page', { ...ours, parent: ours }],
    ['a page from the network', { ...ours, origin: 'https://example.com', url: 'https://example.com/' }],
    ['another host of the scheme', { ...ours, origin: 'app://other', url: 'app://other/index.html' }],
    ['an origin that only begins alike', { ...ours, origin: 'app://clinic.evil', url: 'app://clinic.evil/' }],
    ['an address that does not fit its origin', { ...ours, url: 'data:text/html,hello' }],
    ['an opaque origin', { ...ours, origin: 'null' }],
  ])('refuses %s', async (_what, senderFrame) => {
    expect(codeOf(await handler({ sender: contents, senderFrame }, 'auth.me', {}, {}))).toBe('forbidden');
    expect(call).not.toHaveBeenCalled();
  });

  it('refuses another window, though it shows the same page', async () => {
    const other = { ...contents };
    expect(codeOf(await handler({ sender: other, senderFrame: ours }, 'auth.me', {}, {}))).toBe('forbidden');
  });
});

describe('what may be called', () => {
  it('passes on what the operation takes, as it was checked', async () => {
    const commandId = 'c-1';
    await invoke('auth.login', { identifier: ' reception ', password: 'x' }, { commandId });
    const input = { identifier: 'reception', password: 'x', delivery: 'cookie' };
    expect(call).toHaveBeenCalledWith('auth.login', api.auth.login, input, { commandId });
  });

  it.each(['auth', 'auth.', '.me', 'constructor', '__proto__', 'auth.constructor', 'auth.me.toString', ''])(
    'knows no operation %j',
    async (name) => expect(codeOf(await invoke(name, {}, {}))).toBe('not_found'),
  );

  it('rebuilds a file from its bytes, and refuses anything else in its place', async () => {
    for (const file of ['a,b\n', new TextEncoder().encode('a,b\n')])
      await invoke('imports.upload', { filename: 'p.csv', file });
    for (const [, , input] of call.mock.calls) expect(await (input.file as Blob).text()).toBe('a,b\n');
    for (const file of [undefined, null, 7, {}, ['a'], '/etc/passwd'.split('/')]) {
      expect(codeOf(await invoke('imports.upload', { filename: 'p.csv', file }))).toBe('validation_failed');
    }
    expect(call).toHaveBeenCalledTimes(2);
  });

  it('turns a refusal and a bug into replies, and tells nothing of the bug', async () => {
    call.mockRejectedValueOnce(new ApiError('queue_closed', { facts: { queue: 'A' } }));
    expect(await invoke('auth.me', {})).toMatchObject({
      ok: false,
      error: { code: 'queue_closed', facts: { queue: 'A' } },
    });
    call.mockRejectedValueOnce(new TypeError('secret inside'));
    const reply = await invoke('auth.me', {});
    expect(codeOf(reply)).toBe('internal');
    expect(JSON.stringify(reply)).not.toContain('secret');
  });
});

it('takes what concerns this computer, and only that', async () => {
  expect(await invoke('desktop.language', { language: 'ur' })).toEqual({ ok: true, value: null });
  expect(language).toHaveBeenCalledExactlyOnceWith({ language: 'ur' });
  for (const input of [{}, { language: '../en' }, { language: 'ur', more: 1 }, { language: 7 }])
    expect(codeOf(await invoke('desktop.language', input))).toBe('validation_failed');
  expect(codeOf(await invoke('desktop.quit', {}))).toBe('not_found');
  expect(await invoke('desktop.stop', { callId: 'x-1' })).toEqual({ ok: true, value: null });
  expect(stop).toHaveBeenCalledExactlyOnceWith({ callId: 'x-1' });
  for (const minutes of [-1, 1.5, 10_000])
    expect(codeOf(await invoke('desktop.idle', { minutes }))).toBe('validation_failed');
  expect(await invoke('desktop.idle', { minutes: 5 })).toEqual({ ok: true, value: null });
  expect(idle).toHaveBeenCalledExactlyOnceWith({ minutes: 5 });
  expect(codeOf(await invoke('desktop.stop', { callId: 'two words' }))).toBe('validation_failed');
  expect([language.mock.calls.length, call.mock.calls.length]).toEqual([1, 0]);
});

describe('whatever a page sends', () => {
  const names = listOperations(api).map(({ name }) => name as string);
  const operations = new Map(listOperations(api).map(({ name, operation }) => [name as string, operation]));
  const anything = fc.anything({
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withBigInt: true,
    withNullPrototype: true,
  });
  const name = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...names) }, { weight: 1, arbitrary: anything });
  // Values that some operation takes, and values that none does.
  const value = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('0198c0de', 'Fadel', 1, true, '2026-01-05') },
    anything,
  );
  const field = fc.constantFrom('id', 'file', 'q', 'limit', 'patientId', 'queueId', '__proto__', 'sort', 'constructor');
  const input = fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom<unknown>({}, undefined, { id: '0198c0de' }) },
    { weight: 3, arbitrary: fc.dictionary(field, value, { maxKeys: 3 }) },
    anything,
  );
  const options = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom<unknown>({}, undefined, { commandId: 'c' }) },
    anything,
  );
  const more = fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, fc.array(anything, { maxLength: 2 }));

  it('gets a reply that can be sent back, and only what fits its operation goes on', async () => {
    let passed = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(fc.tuple(name, input, options), more, async (given, rest) => {
        call.mockClear();
        const reply = await invoke(...given, ...rest);
        expect(typeof reply.ok).toBe('boolean');
        expect(() => structuredClone(reply)).not.toThrow();
        reply.ok ? passed++ : refused++;
        for (const [called, operation, took] of call.mock.calls) {
          expect(operation).toBe(operations.get(called));
          const { file: _file, ...fields } = took;
          if (operation.kind !== 'upload') expect(operation.input.safeParse(took).success).toBe(true);
          else expect(operation.input.safeParse(fields).success).toBe(true);
        }
      }),
      { numRuns: 4000 },
    );
    // Not vacuous: both happened often.
    expect([passed > 50, refused > 1000]).toEqual([true, true]);
  });
});

it('tells every page of ours, by one channel', () => {
  sent.length = 0;
  push('changed', { seq: 1 });
  expect(sent).toEqual([['medlane:event', 'changed', { seq: 1 }]]);
});

it('answers a desk’s question with what is declared, and no more', async () => {
  expect(await invoke('desk.search', {})).toEqual({ ok: true, value: { servers: ['10.0.0.5:7444'] } });
  for (const address of ['', 'https://clinic.local', 'clinic.local/x', 'a b', '10.0.0.5:port'])
    expect(codeOf(await invoke('desk.pair', { address }))).toBe('validation_failed');
  expect(desk['desk.pair']).not.toHaveBeenCalled();
});
