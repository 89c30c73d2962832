import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { root } from './bootstrap.mjs';

/**
 * `npm start`: the clinic server and the workstation on it. The workstation opens in the desktop app where Electron's
 * binary can be had, else in the system's browser; `--no-open` opens nothing.
 */
export async function start(args: readonly string[]): Promise<void> {
  const headless = args.includes('--no-open');
  const given = args.filter((arg) => arg !== '--no-open');
  const electron = headless ? null : electronBinary();
  if (electron) return openDesktop(electron, given);

  const server = spawn(process.execPath, [path.join(root, 'out/server/medlane.js'), ...globalsFirst(given)], {
    stdio: ['inherit', 'pipe', 'inherit'],
  });
  // Ctrl-C reaches both; the server closes the clinic, and then this ends with it.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => server.kill('SIGTERM'));
  process.on('SIGHUP', () => server.kill('SIGTERM'));
  server.on('exit', (code) => process.exit(code ?? 0));
  let opened = false;
  server.stdout.on('data', (chunk: Buffer) => {
    process.stdout.write(chunk);
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(chunk.toString())?.[0];
    if (!url || opened || headless) return;
    opened = true;
    process.stdout.write('\nElectron’s binary is not on this computer, so the workstation opens in your browser.\n');
    openBrowser(url);
  });
}

/** `serve` with its own options after it, and the command line's before it. */
function globalsFirst(args: readonly string[]): string[] {
  const globals: string[] = [];
  const own: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] as string;
    if (arg === '--data') globals.push(arg, args[++at] ?? '');
    else if (arg.startsWith('--data=') || arg === '--json') globals.push(arg);
    else if (arg === '--demo') globals.push(arg);
    else own.push(arg);
  }
  return [...globals, 'serve', ...(globals.includes('--demo') ? ['--demo'] : []), ...own];
}

/** Electron's executable, where its package has one (or is told of another). */
function electronBinary(): string | null {
  try {
    const require = createRequire(import.meta.url);
    const folder =
      process.env['ELECTRON_OVERRIDE_DIST_PATH'] ??
      path.join(path.dirname(require.resolve('electron/package.json')), 'dist');
    const pathFile = path.join(path.dirname(require.resolve('electron/package.json')), 'path.txt');
    const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : 'electron';
    const binary = path.join(folder, name);
    return existsSync(binary) ? binary : null;
  } catch {
    return null;
  }
}

function openDesktop(binary: string, args: readonly string[]): void {
  const desktop = spawn(binary, [root, ...args], { stdio: 'inherit' });
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => desktop.kill('SIGTERM'));
  desktop.on('exit', (code) => process.exit(code ?? 0));
}

function openBrowser(url: string): void {
  const [command, args] =
    process.platform === 'win32'
      ? ['cmd', ['/c', 'start', '""', url]]
      : process.platform === 'darwin'
        ? ['open', [url]]
        : ['xdg-open', [url]];
  spawn(command as string, args as string[], { stdio: 'ignore', detached: true })
    .on('error', () => process.stdout.write(`Open ${url} in a browser.\n`))
    .unref();
}
