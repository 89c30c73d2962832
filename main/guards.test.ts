import { expect, it, vi } from 'vitest';
import { readArguments } from './arguments.ts';
import { isPaperInFrame, mayOpenOutside } from './guards.ts';

vi.mock('electron', () => ({ shell: {}, protocol: {} }));

it.each([
  ['https://help.example/desk', true],
  ['http://help.example/desk', false],
  ['https://other.example/', false],
  ['https://help.example.evil/', false],
  ['https://help.example:8443/', false],
  ['https://user@help.example/', false],
  ['https://help.example/?patient=1', false],
  ['https://help.example/#p', false],
  ['file:///etc/passwd', false],
  ['javascript:alert(1)', false],
  ['ms-settings:', false],
  ['', false],
])('%s opens outside: %s', (url, may) => expect(mayOpenOutside(url, ['help.example'])).toBe(may));

it.each([
  ['blob:app://clinic/1c2d', false, true],
  ['chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai/index.html', false, true],
  ['blob:app://clinic/1c2d', true, false],
  ['blob:https://example.com/1c2d', false, false],
  ['chrome-extension://another/index.html', false, false],
  ['data:text/html,hello', false, false],
])('%s in the window itself: %s, may be shown: %s', (url, isMainFrame, may) =>
  expect(isPaperInFrame({ url, isMainFrame })).toBe(may),
);

it('reads its arguments wherever they stand among Chromium’s', () => {
  const argv = [
    'electron',
    '--inspect=0',
    '/app',
    '--user-data-dir=/u',
    '--data',
    '/clinic',
    '--demo',
    '--port',
    '7000',
  ];
  expect(readArguments(argv)).toEqual({ data: '/clinic', demo: true, port: 7000, server: undefined });
  expect(readArguments(['electron'])).toEqual({ data: undefined, demo: false, port: 0, server: undefined });
});

it('takes no port that is none, and no server that would send records in the clear', () => {
  expect(() => readArguments(['e', '--port', 'x'])).toThrow('--port');
  expect(() => readArguments(['e', '--server', 'http://192.168.1.5:7420'])).toThrow('https');
  expect(readArguments(['e', '--server', 'https://clinic.lan:7444/x']).server).toBe('https://clinic.lan:7444');
  expect(readArguments(['e', '--server', 'http://127.0.0.1:7420']).server).toBe('http://127.0.0.1:7420');
});
