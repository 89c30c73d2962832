import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import type { Reply } from '../contract/client.ts';
import { desktopCalls } from '../contract/desktop.ts';
import { api } from '../contract/index.ts';
import { listOperations } from '../contract/kit.ts';
import { openIpc } from './ipc.ts';

type Handler = (event: unknown, ...given: unknown[]) => Promise<Reply>;
const electron = vi.hoisted(() => ({ handlers: new Map<string, unknown>() }));
vi.mock('electron', () => ({
  ipcMain: { handle: (channel: string, handler: unknown) => void electron.handlers.set(channel, handler) },
  protocol: {},
}));

/** `MEDLANE_SEED=n` plays the calls of an earlier run again. */
const SEED = Number(process.env['MEDLANE_SEED'] ?? Date.now() % 2 ** 31);
const CALLS = 100_000;
const REFUSALS = new Set<string>(['forbidden', 'not_found', 'validation_failed']);

const contents = { isDestroyed: () => false, send: () => undefined };
const frame = { parent: null, origin: 'app://clinic', url: 'app://clinic/index.html#/reception' };
const ours = { sender: contents, senderFrame: frame };
const STATE = { keychain: 'available', joined: null, trouble: null } as const;
const COUNTED = { count: 0, sha256: '' };
const PROOF = { day: '2026-01-01', here: COUNTED, server: COUNTED, same: true };
const passed = vi.fn(async () => 'passed');
openIpc({
  windows: () => [{ webContents: contents } as never],
  call: passed,
  desktop: {
    'desktop.language': () => passed().then(() => null),
    'desktop.idle': () => passed().then(() => null),
    'desktop.stop': () => passed().then(() => null),
    'desktop.link': () => passed().then(() => ({ state: 'connecting' })),
    'work.list': () => passed().then(() => null),
    'work.prove': () => passed().then(() => PROOF),
    'work.again': () => passed().then(() => null),
    'work.setAside': () => passed().then(() => null),
    'work.export': () => passed().then(() => null),
    'desk.state': () => passed().then(() => STATE),
    'desk.search': () => passed().then(() => ({ servers: [] })),
    'desk.pair': () => passed().then(() => ({ code: '123456', until: '2026-01-01T00:00:00Z' })),
    'desk.answer': () => passed().then(() => STATE),
    'desk.find': () => passed().then(() => ({ steps: [] })),
  },
});
const handler = electron.handlers.get('medlane:call') as Handler;

/** Calls that are as they should be. Each malformed one is one of these with a single thing wrong. */
const GOOD: readonly [name: string, input: Record<string, unknown>][] = [
  ['auth.me', {}],
  ['auth.login', { identifier: 'reception', password: 'x' }],
  ['visits.get', { id: '0198c0de' }],
  ['patients.list', { q: 'fadel', limit: 8 }],
  ['patients.register', { name: 'Ada' }],
  ['imports.upload', { filename: 'p.csv', file: 'a,b\n' }],
  ['desktop.language', { language: 'en' }],
  ['work.again', { n: 1 }],
  ['desk.pair', { address: 'clinic.local:7444' }],
  ['desk.answer', { code: '123 456' }],
  ['desktop.stop', { callId: 'c-1' }],
  ['desktop.idle', { minutes: 5 }],
];
const names = new Set<unknown>([...listOperations(api).map(({ name }) => name), ...Object.keys(desktopCalls)]);

type Call = { event: unknown; given: unknown[]; wrong: string };
const good = fc.constantFrom(...GOOD);
const anything = fc.anything({
  maxDepth: 2,
  maxKeys: 3,
  ...{ withDate: true, withMap: true, withSet: true, withTypedArray: true, withBigInt: true, withNullPrototype: true },
});
const isRecord = (value: unknown) =>
  typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value));
const wrongWith = (wrong: string, given: fc.Arbitrary<unknown[]>): fc.Arbitrary<Call> =>
  given.map((args) => ({ event: ours, given: args, wrong }));

const stranger = fc.constantFrom<unknown>(
  { ...ours, senderFrame: null },
  { ...ours, senderFrame: { ...frame, parent: frame } },
  { ...ours, senderFrame: { ...frame, origin: 'null', url: 'about:blank' } },
  { ...ours, senderFrame: { ...frame, url: 'data:text/html,x' } },
  { ...ours, senderFrame: { ...frame, origin: 'https://clinic', url: 'https://clinic/index.html' } },
  { ...ours, senderFrame: { ...frame, origin: 'app://clinic.evil', url: 'app://clinic.evil/index.html' } },
  { ...ours, sender: { ...contents } },
  { ...ours, sender: undefined },
);
const unknownName = fc.oneof(
  anything.filter((value) => !names.has(value)),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'auth',
    'auth.',
    '.me',
    'auth.me ',
    'AUTH.ME',
    'desktop.',
    'x'.repeat(101),
  ),
  fc
    .tuple(good, fc.string({ minLength: 1 }))
    .map(([[name], more]) => name + more)
    .filter((name) => !names.has(name)),
);
const strangeKey = fc.oneof(
  fc.string({ minLength: 1 }).map((key) => `zz${key}`),
  fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'),
);
/** An own property of any name: `{ ...x, [key]: … }` does not make `__proto__` one. */
const withKey = (input: object, key: string, value: unknown) =>
  Object.defineProperty({ ...input }, key, { value, enumerable: true, writable: true, configurable: true });

const malformed: fc.Arbitrary<Call> = fc.oneof(
  fc.tuple(stranger, good).map(([event, [name, input]]) => ({ event, given: [name, input, {}], wrong: 'sender' })),
  wrongWith('name', fc.tuple(unknownName, anything, anything)),
  wrongWith(
    'input',
    fc
      .tuple(
        good,
        anything.filter((value) => value != null && !isRecord(value)),
      )
      .map(([[name], input]) => [name, input]),
  ),
  wrongWith(
    'field',
    fc.tuple(good, strangeKey, anything).map(([[name, input], key, value]) => [name, withKey(input, key, value)]),
  ),
  wrongWith(
    'value',
    fc
      .tuple(
        fc.constantFrom(...GOOD.filter(([, input]) => Object.keys(input).length > 0)),
        fc.constantFrom<unknown>({}, [], true, null, Symbol.for('x'), Number.NaN, 'a\0b', new Map(), { $gt: '' }, [
          'a',
          'b',
        ]),
      )
      .map(([[name, input], value]) => [name, withKey(input, Object.keys(input)[0] as string, value)]),
  ),
  wrongWith(
    'options',
    fc
      .tuple(
        good,
        anything.filter((value) => value != null && !(isRecord(value) && Object.keys(value as object).length === 0)),
      )
      .map(([[name, input], options]) => [name, input, options]),
  ),
  wrongWith(
    'command id',
    fc
      .tuple(good, fc.oneof(fc.string({ minLength: 65 }), fc.constantFrom('', ' ', 'two words', 'é', 'a\nb')))
      .map(([[name, input], commandId]) => [name, input, { commandId }]),
  ),
  wrongWith(
    'count',
    fc
      .tuple(good, fc.array(anything, { minLength: 1, maxLength: 4 }))
      .map(([[name, input], more]) => [name, input, {}, ...more]),
  ),
);

it(`${CALLS} malformed calls: none crashes, none passes (MEDLANE_SEED=${SEED})`, async () => {
  for (const [name, input] of GOOD) expect((await handler(ours, name, input, {})).ok).toBe(true);
  expect(passed).toHaveBeenCalledTimes(GOOD.length);
  passed.mockClear();

  const counts = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(malformed, async ({ event, given, wrong }) => {
      passed.mockClear();
      const reply = await handler(event, ...given);
      // No `expect` here: it alone would take longer than the calls.
      if (passed.mock.calls.length > 0) throw new Error('It passed.');
      if (reply.ok || !REFUSALS.has(reply.error.code)) throw new Error(`It was answered ${JSON.stringify(reply)}.`);
      structuredClone(reply);
      counts.set(wrong, (counts.get(wrong) ?? 0) + 1);
    }),
    { seed: SEED, numRuns: CALLS },
  );

  // Not vacuous: as many as promised, and of every kind.
  expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(CALLS);
  expect([...counts.keys()].sort()).toEqual([
    'command id',
    'count',
    'field',
    'input',
    'name',
    'options',
    'sender',
    'value',
  ]);
  expect(Math.min(...counts.values())).toBeGreaterThan(CALLS / 20);
  expect(Object.keys(Object.prototype)).toEqual([]);
});
