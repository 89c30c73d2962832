import { execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

export const root = path.join(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);
/** What electron-builder brings along is found from electron-builder. */
export const fromBuilder = createRequire(require.resolve('electron-builder/package.json'));
const asar = () => import(fromBuilder.resolve('@electron/asar')) as Promise<typeof import('@electron/asar')>;
const electronFolder = path.dirname(require.resolve('electron/package.json'));

export type Packed = Readonly<{
  /** Where the package lies, and its resources in it. */
  folder: string;
  resources: string;
  /** Every file of the archive, those beside it included. */
  files: readonly string[];
  /** Starts what was packed. */
  start: (args: readonly string[], env: Record<string, string>) => ReturnType<typeof spawn>;
  remove: () => void;
}>;

/** Packs the program for Linux around Electron's own distribution, or, where that could not be had, around a dummy of it. */
export async function pack(): Promise<Packed> {
  const work = mkdtempSync(path.join(tmpdir(), 'medlane-package-'));
  const real = existsSync(path.join(electronFolder, 'path.txt'));
  const dist = real ? path.join(electronFolder, 'dist') : await dummyElectron(path.join(work, 'electron'));
  const cli = fromBuilder.resolve('electron-builder/out/cli/cli.js');
  const options = [`-c.electronDist=${dist}`, `-c.directories.output=${path.join(work, 'dist')}`];
  await promisify(execFile)(process.execPath, [cli, '--linux', 'dir', '--publish', 'never', ...options], { cwd: root });
  const folder = path.join(work, 'dist/linux-unpacked');
  const resources = path.join(folder, 'resources');
  const archive = path.join(resources, 'app.asar');
  const { extractAll, listPackage } = await asar();
  const files = listPackage(archive, { isPack: false }).map((file) => file.replaceAll('\\', '/'));
  // The stand-in reads no archives.
  if (!real) extractAll(archive, path.join(resources, 'app'));

  return {
    folder,
    resources,
    files,
    start(args, env) {
      const [program, own] = real
        ? [path.join(folder, 'medlane'), []]
        : [String(require('electron')), [path.join(resources, 'app')]];
      const packaged = real ? {} : { ELECTRON_FORCE_IS_PACKAGED: 'true' };
      return spawn(program, [...own, ...args], { env: { ...process.env, ...packaged, ...env }, stdio: 'ignore' });
    },
    remove: () => rmSync(work, { recursive: true, force: true }),
  };
}

/** The least that the packager takes for Electron: among it a program whose fuses can be set and read back. */
async function dummyElectron(folder: string): Promise<string> {
  const { SENTINEL } = await import(path.join(path.dirname(fromBuilder.resolve('@electron/fuses')), 'constants.js'));
  const { version } = JSON.parse(readFileSync(path.join(electronFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  const inFolder = (...parts: string[]) => path.join(folder, ...parts);
  for (const part of ['locales', 'resources']) mkdirSync(inFolder(part), { recursive: true });
  const app = mkdtempSync(path.join(tmpdir(), 'medlane-empty-'));
  cpSync(path.join(root, 'package.json'), path.join(app, 'package.json'));
  await (await asar()).createPackage(app, inFolder('resources/default_app.asar'));
  rmSync(app, { recursive: true });
  writeFileSync(inFolder('version'), version);
  writeFileSync(inFolder('locales/en-US.pak'), '');
  // As Electron ships them: version 1, eight fuses, most of them on.
  const wire = Buffer.concat([Buffer.from(SENTINEL), Buffer.from([1, 8]), Buffer.from('11111011')]);
  writeFileSync(inFolder('electron'), wire, { mode: 0o755 });
  return folder;
}
