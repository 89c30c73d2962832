/**
 * Shows that the stand-in does what it says, with Playwright's own launcher and a tiny app:
 *   node_modules/.bin/node tests/support/electron-stand-in/self-test/smoke.ts
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { _electron, type ElectronApplication, type Page } from 'playwright';

const standIn = join(import.meta.dirname, '..');
process.env.ELECTRON_OVERRIDE_DIST_PATH = standIn;
const fixture = join(import.meta.dirname, 'fixture');
const userData = mkdtempSync(join(tmpdir(), 'electron-stand-in-'));
const args = [fixture, `--user-data-dir=${userData}`];

interface FixtureState {
  clicks: number;
  opened: string[];
  refused: string[];
  navigations: string[];
  seconds: { argv: string[]; data: unknown }[];
  senders: unknown[][];
}

const checks: [string, (app: ElectronApplication, page: Page) => Promise<void>][] = [
  [
    'the page comes from protocol.handle and is a secure context',
    async (_app, page) => {
      await page.waitForSelector('#call');
      assert.equal(await page.title(), 'Fixture');
      assert.deepEqual(await page.evaluate('[isSecureContext, innerWidth, innerHeight, typeof crypto.subtle]'), [
        true,
        1000,
        700,
        'object',
      ]);
      assert.equal(
        await page.evaluate("fetch('/echo', { method: 'POST', body: 'é' }).then((r) => r.text())"),
        'POST é',
      );
    },
  ],
  [
    'click → IPC → main → page, and main pushes to the page',
    async (_app, page) => {
      await page.click('#call');
      await page.getByText('1 5', { exact: true }).waitFor();
      await page.getByText('1970-01-01T00:00:00.000Z Uint8Array 1,2,3').waitFor();
    },
  ],
  [
    'the sender is known by its app:// address',
    async (app) => {
      assert.deepEqual((await state(app)).senders, [['app://clinic/index.html', 'app://clinic', true]]);
    },
  ],
  [
    'refusals read as in Electron',
    async (_app, page) => {
      const reason = (code: string) => page.evaluate(`${code}.then(() => 'none', (error) => error.message)`);
      assert.equal(
        await reason("fixture.call('fails')"),
        "Error invoking remote method 'fails': TypeError: no such visit",
      );
      assert.equal(
        await reason("fixture.call('missing')"),
        "Error invoking remote method 'missing': Error: No handler registered for 'missing'",
      );
      // A function reaches the preload as a proxy, which IPC then cannot carry.
      assert.equal(await reason("fixture.call('click', () => 1)"), 'An object could not be cloned.');
    },
  ],
  [
    'the preload’s world is not the page’s',
    async (_app, page) => {
      const seen =
        await page.evaluate(`[typeof preloadSecret, typeof require, typeof process, typeof pageWorld, Object.isFrozen(fixture),
      (() => { fixture = 1; return typeof fixture; })(), fixture.forbidden, fixture.sandboxed,
      Object.getOwnPropertyNames(window).filter((name) => /stand/i.test(name)).length]`);
      assert.deepEqual(seen, [
        'undefined',
        'undefined',
        'undefined',
        'undefined',
        true,
        'object',
        'module not found: node:fs',
        true,
        0,
      ]);
    },
  ],
  [
    'an app:// address from main works in the page',
    async (_app, page) => {
      const text = "fixture.call('ticket').then((url) => fetch(url)).then((r) => r.text())";
      assert.equal(await page.evaluate(text), 'ticket at app://clinic/ticket/7?x=1');
    },
  ],
  [
    'second windows are denied and their addresses told',
    async (app, page) => {
      assert.equal(await page.evaluate("window.open('https://example.com/open')"), null);
      await page.click('#blank');
      await page.click('#submit');
      await until(async () => (await state(app)).opened.length === 3);
      assert.deepEqual((await state(app)).opened, [
        'https://example.com/open',
        'https://example.com/blank',
        'https://example.com/form?',
      ]);
      await until(async () => app.windows().length === 1);
    },
  ],
  [
    'a foreign navigation is cancelled, one within the app is not, reload asks nobody',
    async (app, page) => {
      await page.click('#foreign');
      await until(async () => (await state(app)).navigations.length === 1);
      assert.equal(await page.evaluate('document.title'), 'Fixture');
      await page.reload();
      await page.click('#within');
      await page.waitForSelector('h1');
      assert.deepEqual((await state(app)).navigations, ['https://example.com/foreign', 'app://clinic/second.html']);
      await page.goBack();
      await page.waitForSelector('#call');
    },
  ],
  [
    'the internet is refused by webRequest; permissions follow the handler',
    async (app, page) => {
      assert.equal(
        await page.evaluate("fetch('https://example.com/data').then(() => 'came', (error) => error.name)"),
        'TypeError',
      );
      assert.ok((await state(app)).refused.includes('https://example.com/data'));
      const query = (name: string) =>
        page.evaluate(`navigator.permissions.query({ name: '${name}' }).then((one) => one.state)`);
      assert.deepEqual([await query('geolocation'), await query('notifications')], ['denied', 'granted']);
    },
  ],
  [
    'main is reached by app.evaluate: paths, version, window, menu, PDF',
    async (app, page) => {
      const facts = await app.evaluate(({ app: main }) => [
        main.getPath('userData'),
        main.getVersion(),
        main.getName(),
        main.isPackaged,
      ]);
      assert.deepEqual(facts, [userData, '1.2.3', 'Stand-in Fixture', false]);
      const window = await app.browserWindow(page);
      assert.deepEqual(await window.evaluate((w) => [w.isVisible(), w.getTitle(), w.webContents.getURL()]), [
        true,
        'Fixture',
        'app://clinic/index.html',
      ]);
      await app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('count')?.click());
      assert.equal((await state(app)).clicks, 2);
      const head = await window.evaluate(async (w) =>
        (await w.webContents.printToPDF({ pageSize: 'A4' })).toString('latin1', 0, 5),
      );
      assert.equal(head, '%PDF-');
    },
  ],
  [
    'a second instance tells the first and ends',
    async (app) => {
      const second = spawn(join(standIn, 'electron'), [...args, 'medlane://visit/1'], { stdio: 'ignore' });
      await new Promise((resolve) => second.once('exit', resolve));
      await until(async () => (await state(app)).seconds.length === 1);
      const [letter] = (await state(app)).seconds;
      assert.ok(letter?.argv.includes('medlane://visit/1'));
      assert.deepEqual(letter?.data, { hello: true });
    },
  ],
];

try {
  await runChecks();
  await endings();
  console.log('the stand-in works');
} finally {
  rmSync(userData, { recursive: true, force: true });
}

async function runChecks(): Promise<void> {
  const started = performance.now();
  const app = await _electron.launch({ args });
  const page = await app.firstWindow();
  console.log(`launched in ${since(started)}`);
  try {
    for (const [name, check] of checks) {
      const begun = performance.now();
      await check(app, page);
      console.log(`ok  ${name} (${since(begun)})`);
    }
  } catch (error) {
    await app.close();
    throw error;
  }
  const closing = performance.now();
  await app.close();
  await until(async () => processes().length === 0);
  assert.ok(existsSync(join(userData, 'quit-was-clean')));
  console.log(`ok  close ends every process (${since(closing)})`);
}

/** The ways an app can end without anybody closing it. */
async function endings(): Promise<void> {
  const ways: [string, (app: ElectronApplication, page: Page) => Promise<unknown>][] = [
    ['closing the last window', (_app, page) => page.close()],
    ['SIGTERM', async (app) => app.process().kill('SIGTERM')],
    ['SIGKILL of the host', async (app) => app.process().kill('SIGKILL')],
    ['a crash of main', (app) => app.evaluate(() => setImmediate(() => process.abort()))],
    ['process.exit in main', (app) => app.evaluate(() => void setImmediate(() => process.exit(3)))],
    ['the death of Chromium', async () => processes().map((pid) => isChromium(pid) && process.kill(pid, 'SIGKILL'))],
  ];
  for (const [name, end] of ways) {
    const app = await _electron.launch({ args });
    const exited = new Promise((resolve) => app.process().once('exit', resolve));
    const page = await app.firstWindow();
    await page.waitForSelector('#call');
    // The command may not outlive its own effect.
    await end(app, page).catch(() => undefined);
    await exited;
    await until(async () => processes().length === 0);
    console.log(`ok  ${name} leaves no process`);
  }
}

async function state(app: ElectronApplication): Promise<FixtureState> {
  return (await app.evaluate(() => Reflect.get(globalThis, 'fixtureState'))) as FixtureState;
}

/** Every process that was started for this run, Chromium's own children included. */
function processes(): number[] {
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids.filter((pid) => pid !== process.pid && commandLine(pid).includes(userData));
}

function isChromium(pid: number): boolean {
  return commandLine(pid).includes('--headless=new') && !commandLine(pid).includes('--type=');
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    if (await condition()) return;
    await wait(100);
  }
  assert.fail('it did not happen within five seconds');
}

function since(start: number): string {
  return `${Math.round(performance.now() - start)} ms`;
}
