import { expect, it, vi } from 'vitest';
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
