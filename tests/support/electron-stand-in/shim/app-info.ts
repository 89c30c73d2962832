/** What `electron <path>` knows of an app before it runs it: its package.json, its main file, its folders. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';

interface Manifest {
  name?: string;
  productName?: string;
  version?: string;
  main?: string;
}

export interface AppInfo {
  readonly appPath: string;
  readonly mainFile: string;
  readonly name: string;
  readonly version: string;
}

export function readAppInfo(path: string, electronVersion: string): AppInfo {
  const full = resolve(path);
  const isFolder = statSync(full).isDirectory();
  const appPath = isFolder ? full : dirname(full);
  const manifestFile = join(appPath, 'package.json');
  const manifest = (existsSync(manifestFile) ? JSON.parse(readFileSync(manifestFile, 'utf8')) : {}) as Manifest;
  return {
    appPath,
    mainFile: isFolder ? join(full, manifest.main ?? 'index.js') : full,
    name: manifest.productName ?? manifest.name ?? 'Electron',
    version: manifest.version ?? electronVersion,
  };
}

export interface Paths {
  get(name: string): string;
  set(name: string, path: string): void;
}

/** The named folders of `app.getPath`; most depend on the app's name or on another of them until they are set. */
export function createPaths(appName: () => string, userDataSwitch: string | undefined): Paths {
  const home = homedir();
  const chosen = new Map<string, string>();
  if (userDataSwitch) chosen.set('userData', resolve(userDataSwitch));
  const get = (name: string): string => {
    const path = chosen.get(name) ?? defaults[name]?.();
    if (path === undefined) throw new Error(`Failed to get '${name}' path`);
    return path;
  };
  const defaults: Record<string, () => string> = {
    home: () => home,
    appData: () => process.env.XDG_CONFIG_HOME ?? join(home, '.config'),
    userData: () => join(get('appData'), appName()),
    sessionData: () => get('userData'),
    logs: () => join(get('userData'), 'logs'),
    crashDumps: () => join(get('userData'), 'Crashpad'),
    temp: () => tmpdir(),
    exe: () => process.execPath,
    module: () => process.execPath,
    assets: () => dirname(process.execPath),
    desktop: () => join(home, 'Desktop'),
    documents: () => join(home, 'Documents'),
    downloads: () => join(home, 'Downloads'),
    music: () => join(home, 'Music'),
    pictures: () => join(home, 'Pictures'),
    videos: () => join(home, 'Videos'),
  };
  const set = (name: string, path: string) => {
    if (!(name in defaults)) throw new Error(`Failed to set path '${name}'`);
    if (!isAbsolute(path)) throw new Error('Path must be absolute');
    chosen.set(name, path);
  };
  return { get, set };
}
