import path from 'node:path';
import { expect, test } from '@playwright/test';
import { type Desktop, launchDesktop } from './launch.ts';

// What reaches the main process from pages that are not ours, and what our own page may do of itself.
test.describe.configure({ mode: 'serial' });

let desktop: Desktop;
test.beforeAll(async () => {
  desktop = await launchDesktop();
});
test.afterAll(async () => {
  await desktop?.close();
});

const preload = path.join(import.meta.dirname, '../../out/preload/preload.cjs');
const CALLS = 3000;
/** In the page: so many calls of all kinds, well formed and not; the codes with which they were answered. */
const ATTACK = `(async (n) => {
  const names = ['auth.me', 'setup.state', 'system.health', 'desktop.language', '__proto__', 'visits.list', 7, null, {}, 'x'.repeat(500)];
  const inputs = [{}, undefined, null, { language: 'en' }, [], 'x', 7, { id: 'a'.repeat(9999) }, new Map(), new Uint8Array(9)];
  const codes = {};
  for (let at = 0; at < n; at += 100) {
    const batch = Array.from({ length: 100 }, (_, i) =>
      medlane.call(names[(at + i) % 10], inputs[Math.floor((at + i) / 10) % 10], i % 3 ? {} : undefined));
    for (const reply of await Promise.all(batch)) {
      const code = reply.ok ? 'passed' : reply.error.code;
      codes[code] = (codes[code] ?? 0) + 1;
    }
  }
  return codes;
})(${CALLS})`;

test('thousands of calls from a window that is not ours: none passes', async () => {
  const codes = await desktop.app.evaluate(
    async ({ BrowserWindow }, { file, attack }) => {
      const window = new BrowserWindow({ show: false, webPreferences: { preload: file, sandbox: true } });
      await window.loadURL('app://clinic/index.html');
      const found = await window.webContents.executeJavaScript(attack);
      window.destroy();
      return found as unknown;
    },
    { file: preload, attack: ATTACK },
  );
  expect(codes).toEqual({ forbidden: CALLS });
});

test('thousands of calls from another origin in our own window: none passes', async () => {
  const codes = await desktop.app.evaluate(async ({ BrowserWindow }, attack) => {
    const [window] = BrowserWindow.getAllWindows();
    await window?.loadURL('about:blank');
    const found = await window?.webContents.executeJavaScript(attack);
    await window?.loadURL('app://clinic/index.html');
    return found as unknown;
  }, ATTACK);
  expect(codes).toEqual({ forbidden: CALLS });
  await expect(desktop.page.getByLabel('Sign-in name')).toBeVisible();
});

test('our own page may fill the screen, and nothing else', async () => {
  const states = await desktop.page.evaluate(async () => {
    const names = ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read', 'midi'];
    const asked = await Promise.all(
      names.map(async (name) => (await navigator.permissions.query({ name: name as PermissionName })).state),
    );
    const media = await navigator.mediaDevices.getUserMedia({ audio: true }).then(
      () => 'given',
      (error: Error) => error.name,
    );
    return [...new Set(asked), media];
  });
  expect(states).toEqual(['denied', expect.stringMatching(/NotAllowed|NotFound/)]);
});

test('runs no code that is not its own', async () => {
  const ran = await desktop.page.evaluate(async () => {
    // Later, since what the debugger itself runs is under no policy.
    await new Promise((resolve) => setTimeout(resolve));
    const script = document.createElement('script');
    script.textContent = 'window.medlaneInjected = true';
    document.body.append(script);
    const frame = document.createElement('iframe');
    frame.src = 'data:text/html,<p>x';
    document.body.append(frame);
    let evaluated = 'ran';
    try {
      // biome-ignore lint/security/noGlobalEval: that it is refused is what is tested
      globalThis.eval('1');
    } catch (error) {
      evaluated = (error as Error).name;
    }
    return ['medlaneInjected' in window, evaluated];
  });
  expect(ran).toEqual([false, 'EvalError']);
});

test('no dictionary reads what is typed', async () => {
  const on = await desktop.app.evaluate(({ session, BrowserWindow }) => {
    const preferences = BrowserWindow.getAllWindows().map(({ webContents }) =>
      (webContents as unknown as { getLastWebPreferences: () => Record<string, unknown> }).getLastWebPreferences(),
    );
    const { sandbox, contextIsolation, nodeIntegration, webviewTag, spellcheck } = preferences[0] ?? {};
    return [
      session.defaultSession.isSpellCheckerEnabled(),
      { sandbox, contextIsolation, nodeIntegration, webviewTag, spellcheck },
    ];
  });
  const expected = {
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
    spellcheck: false,
  };
  expect(on).toEqual([false, expected]);
});
