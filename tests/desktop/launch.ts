import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';

const root = path.join(import.meta.dirname, '../..');

export type Desktop = Readonly<{
  app: ElectronApplication;
  page: Page;
  /** Everything of this launch lies in it. */
  folder: string;
  /** The clinic's server, as it says of itself. */
  server: () => { pid: number; url: string };
  /** Starts the program once more, as the system does for a link: it hands the link over and ends. */
  startAgain: (...args: string[]) => Promise<void>;
  /** Ends it; with `keep`, its folder stays for another launch. */
  close: (how?: { keep: boolean }) => Promise<void>;
}>;

/** The desktop, on a demonstration clinic of its own unless it shall have none; in folders of its own, or of a launch before. */
export async function launchDesktop({
  args = [],
  folder = mkdtempSync(path.join(tmpdir(), 'medlane-desktop-')),
  demo = true,
  environment = {},
}: {
  args?: readonly string[];
  folder?: string;
  demo?: boolean;
  environment?: Readonly<Record<string, string>>;
} = {}): Promise<Desktop> {
  const data = path.join(folder, 'clinic');
  const own = [root, `--user-data-dir=${path.join(folder, 'user')}`, '--data', data, ...(demo ? ['--demo'] : [])];
  const known = { ...(process.env as Record<string, string>), ...environment };
  const env = { ...known, MEDLANE_LOG: 'warn', XDG_CONFIG_HOME: folder };
  const app = await _electron.launch({ args: [...own, ...args], env, timeout: 60_000 });
  app.process().stderr?.on('data', (chunk: Buffer) => process.env['MEDLANE_LOUD'] && process.stderr.write(chunk));
  const page = await app.firstWindow();
  return {
    app,
    page,
    folder,
    server: () => JSON.parse(readFileSync(path.join(data, 'running.json'), 'utf8')),
    startAgain: (...more) =>
      new Promise((resolve, reject) => {
        const program = String(createRequire(import.meta.url)('electron'));
        spawn(program, [...own, ...more], { env, stdio: 'ignore' })
          .once('exit', () => resolve())
          .once('error', reject);
      }),
    async close({ keep } = { keep: false }) {
      await app.close();
      if (!keep) rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

// --- what a spec does with a desktop ---------------------------------------------------------------------------------

export type Answer = { ok: boolean; value?: unknown; error?: { code: string } };
export type Bridge = {
  call: (...given: unknown[]) => Promise<Answer>;
  on: (event: string, listener: (payload: unknown) => void) => () => void;
};

/** A call as the page's own code makes it. */
export const call = (page: Page, ...given: unknown[]): Promise<Answer> =>
  page.evaluate((args) => (window as unknown as { medlane: Bridge }).medlane.call(...args), given);

export async function signIn(page: Page, username: string): Promise<void> {
  await page.getByLabel('Sign-in name').fill(username);
  await page.getByLabel('Password').first().fill('try-the-clinic');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByLabel('Sign-in name').waitFor({ state: 'detached' });
}

export type Question = { message: string; detail: string; buttons: string[] };

/** Answers the native questions from now on with the button of that text, else by closing them; tells what was asked. */
export async function answerQuestions(app: ElectronApplication, button: string): Promise<() => Promise<Question[]>> {
  await app.evaluate(({ dialog }, wanted) => {
    const asked: unknown[] = [];
    Object.assign(globalThis, { medlaneAsked: asked });
    const answer = (...args: unknown[]) => {
      const options = args.at(-1) as { message: string; detail: string; buttons: string[]; cancelId: number };
      asked.push({ message: options.message, detail: options.detail, buttons: options.buttons });
      const chosen = options.buttons.indexOf(wanted);
      return Promise.resolve({ response: chosen < 0 ? options.cancelId : chosen, checkboxChecked: true });
    };
    Object.assign(dialog, { showMessageBox: answer });
  }, button);
  return () => app.evaluate(() => (globalThis as unknown as { medlaneAsked: Question[] }).medlaneAsked);
}

/** Clicks an item of the program's own menu. */
export const clickMenu = (app: ElectronApplication, id: string): Promise<string> =>
  app.evaluate(({ Menu, BrowserWindow }, wanted) => {
    const item = Menu.getApplicationMenu()?.getMenuItemById(wanted);
    if (!item) throw new Error(`The menu has no ${wanted}.`);
    item.click(undefined, BrowserWindow.getAllWindows()[0], undefined);
    return item.label;
  }, id);
