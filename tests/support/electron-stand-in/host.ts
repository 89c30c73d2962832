/** Runs an Electron app in Node, with Chromium for its windows. Started by the script `electron`. */
import childProcess, { type ForkOptions } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import inspector from 'node:inspector';
import { createRequire, registerHooks, syncBuiltinESMExports } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Chromium, startChromium } from './chromium.ts';
import { chromiumSwitches, parseCommandLine } from './command-line.ts';
import { app, becomeReady, configureApp } from './shim/app.ts';
import { type AppInfo, createPaths, readAppInfo } from './shim/app-info.ts';
import { dialog } from './shim/desktop.ts';
import { browserSession, startEngine } from './shim/engine.ts';
import { lifecycle } from './shim/lifecycle.ts';
import { holdRequests } from './shim/network.ts';
import { bundlePageWorld } from './shim/page-scripts.ts';
import { webContents } from './shim/web-contents.ts';

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const electronVersion = require('electron/package.json').version as string;
const args = process.argv.slice(2);
const { appPath, requires, switches } = parseCommandLine(args);
let chromium: Chromium | undefined;

if (switches.has('version')) {
  console.log(`v${electronVersion}`);
  process.exit(0);
}
if (appPath === undefined) {
  console.error('electron stand-in: name the app’s folder or its main file');
  process.exit(1);
}
const info = readAppInfo(appPath, electronVersion);

becomeElectron();
configureApp({ info, switches, paths: (appName) => createPaths(appName, switches.get('user-data-dir')) });
lifecycle.shutDown = shutDown;
answerFaults();
openInspector();
for (const file of requires) require(file);
await runMain(info);
if (!lifecycle.quitting) await openChromium().catch(giveUp);

/** The marks by which code, Playwright's loader among it, tells Electron from Node. */
function becomeElectron(): void {
  const define = (name: string, value: unknown) =>
    Object.defineProperty(process, name, { value, configurable: true, writable: true });
  define('execPath', join(here, 'electron'));
  define('versions', { ...process.versions, electron: electronVersion, chrome: '' });
  define('type', 'browser');
  define('defaultApp', true);
  // Of something packaged the app lies in its resources, as the archive would.
  define(
    'resourcesPath',
    process.env.ELECTRON_FORCE_IS_PACKAGED === 'true' ? dirname(info.appPath) : join(here, 'resources'),
  );
  process.argv = [process.execPath, ...args];

  const shim = pathToFileURL(join(here, 'electron-shim.ts')).href;
  registerHooks({
    resolve: (specifier, context, next) =>
      /^electron(\/(main|common))?$/.test(specifier) ? { url: shim, shortCircuit: true } : next(specifier, context),
  });

  // A forked child is plain Node, as in Electron, though execPath names Electron.
  const { fork } = childProcess;
  childProcess.fork = (file: string | URL, ...rest: [(readonly string[] | ForkOptions)?, ForkOptions?]) => {
    const [first, second] = rest;
    const [forkArgs, options] = Array.isArray(first)
      ? [first as string[], second]
      : [[], first as ForkOptions | undefined];
    return fork(file, forkArgs, { ...options, env: { ...(options?.env ?? process.env), ELECTRON_RUN_AS_NODE: '1' } });
  };
  syncBuiltinESMExports();
}

/** Prints "Debugger listening on ws://…", by which Playwright reaches the main process. */
function openInspector(): void {
  const port = switches.get('inspect') ?? switches.get('inspect-brk');
  if (port === undefined) return;
  inspector.open(Number(port.replace(/^.*:/, '') || 9229), '127.0.0.1');
  if (switches.has('inspect-brk')) inspector.waitForDebugger();
}

async function runMain({ mainFile }: AppInfo): Promise<void> {
  try {
    await import(pathToFileURL(mainFile).href);
  } catch (error) {
    console.error('App threw an error during load\n', error);
    process.exit(1);
  }
}

/** After the app's main file, which may still have set paths and switches. */
async function openChromium(): Promise<void> {
  const profileDir = join(app.getPath('sessionData'), 'chromium');
  mkdirSync(profileDir, { recursive: true });
  const debuggingPort = switches.get('remote-debugging-port');
  const bundling = bundlePageWorld();
  chromium = await startChromium({ profileDir, switches: chromiumSwitches(switches), debuggingPort });
  void chromium.connection.closed.then(() => {
    if (lifecycle.quitting) return;
    console.error('electron stand-in: Chromium ended unexpectedly');
    process.exit(1);
  });
  Object.assign(process.versions, { chrome: chromium.version });
  await startEngine(chromium.connection);
  const browser = browserSession();
  await holdRequests(browser, (frameId) =>
    webContents.getAllWebContents().find((contents) => contents.hasFrame(frameId)),
  );
  await bundling;
  // Only now, so that Playwright finds Chromium as the app's windows need it.
  if (chromium.devToolsLine !== undefined) process.stderr.write(`\n${chromium.devToolsLine}\n`);
  if (lifecycle.quitting) return;
  becomeReady();
}

function giveUp(error: unknown): never {
  console.error('electron stand-in: Chromium did not start:', error);
  process.exit(1);
}

async function shutDown(code: number): Promise<void> {
  await chromium?.close();
  process.exit(code);
}

function answerFaults(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit());
  // Electron shows a dialog and goes on, unless the app answers by itself.
  process.on('uncaughtException', (error) => {
    if (process.listenerCount('uncaughtException') > 1) return;
    dialog.showErrorBox(
      'A JavaScript error occurred in the main process',
      `Uncaught Exception:\n${error?.stack ?? error}`,
    );
  });
}
