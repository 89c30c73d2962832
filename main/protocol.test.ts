import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it, vi } from 'vitest';
import { answer } from './protocol.ts';

vi.mock('electron', () => ({ protocol: {} }));

const folder = mkdtempSync(path.join(tmpdir(), 'medlane-screens-'));
const screens = path.join(folder, 'renderer');
mkdirSync(path.join(screens, 'assets'), { recursive: true });
writeFileSync(path.join(screens, 'index.html'), 'home');
writeFileSync(path.join(screens, 'assets', 'main.js'), 'code');
writeFileSync(path.join(screens, 'notes.txt'), 'not a kind that is served');
writeFileSync(path.join(folder, 'secret.html'), 'secret');
mkdirSync(path.join(folder, 'renderer-other'));
writeFileSync(path.join(folder, 'renderer-other', 'x.html'), 'secret');
afterAll(() => rmSync(folder, { recursive: true }));

const get = (url: string, method = 'GET') => answer({ method, url }, screens);

it('serves the screens with their types, under a policy without network', async () => {
  const home = await get('app://clinic/index.html?x=1#/board');
  expect(await home.text()).toBe('home');
  expect(home.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
  expect(home.headers.get('Content-Security-Policy')).toContain("connect-src 'none'");
  const code = await get('app://clinic/assets/main.js');
  expect([code.status, code.headers.get('Content-Type')]).toEqual([200, 'text/javascript; charset=utf-8']);
});

it.each([
  'app://clinic/',
  'app://clinic/notes.txt',
  'app://clinic/missing.html',
  'app://clinic/assets',
  'app://other/index.html',
  'app://clinic.evil/index.html',
  'app://clinic/../secret.html',
  'app://clinic/%2e%2e/secret.html',
  'app://clinic/..%2fsecret.html',
  'app://clinic/%2e%2e%2fsecret.html',
  'app://clinic/assets/..%2f..%2fsecret.html',
  'app://clinic/..%5csecret.html',
  'app://clinic/..%2frenderer-other/x.html',
  'app://clinic/index.html%00.js',
  'app://clinic/%',
  'app://clinic//etc/passwd.html',
])('has nothing at %s', async (url) => expect((await get(url)).status).toBe(404));

it('only reads', async () => expect((await get('app://clinic/index.html', 'POST')).status).toBe(405));

it('never answers with a file from outside, whatever the address', async () => {
  const part = fc.constantFrom(
    '..',
    '.',
    '%2e%2e',
    '%2f',
    '/',
    '\\',
    '%5c',
    'secret.html',
    'renderer-other',
    'x.html',
    'assets',
    '%00',
    'C:',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 8 }), fc.constantFrom('', '/', '%2f'), async (parts, glue) => {
      expect(await (await get(`app://clinic/${parts.join(glue)}`)).text()).not.toBe('secret');
    }),
    { numRuns: 500 },
  );
});
