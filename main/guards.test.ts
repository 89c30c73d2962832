import { expect, it, vi } from 'vitest';
import { mayOpenOutside } from './guards.ts';

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
