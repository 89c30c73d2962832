import { createWriteStream, existsSync, mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import type { Writable } from 'node:stream';
import type { App } from 'electron';

export type Places = Readonly<{
  screens: string;
  preload: string;
  translations: string;
  node: string;
  server: string;
  /** What this computer remembers about itself. */
  desk: string;
  /** Who it is in its clinic: sealed. */
  identity: string;
  /** What it keeps of the clinic's records, by the id under which the clinic knows it. */
  memory: (deviceId: string) => string;
  logs: string;
  /** This start's log of that name; on the error output while the program is being made. */
  log: (name: 'desktop' | 'server') => Writable;
}>;

/**
 * Where things lie. In a package everything that Electron itself reads is in the archive, whose integrity it checks; the
 * server runs under its own Node, which reads no archives, so it stands beside it, and that Node in the resources.
 */
export function placesOf(app: App): Places {
  const root = app.getAppPath();
  const outside = app.isPackaged ? path.join(process.resourcesPath, 'app.asar.unpacked') : root;
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  return {
    screens: path.join(root, 'out', 'renderer'),
    preload: path.join(root, 'out', 'preload', 'preload.cjs'),
    translations: path.join(root, 'resources', 'translations'),
    node: app.isPackaged
      ? path.join(process.resourcesPath, 'node', program)
      : path.join(root, 'node_modules', 'node', 'bin', program),
    server: path.join(outside, 'out', 'server', 'medlane.js'),
    desk: path.join(app.getPath('userData'), 'desk.json'),
    identity: path.join(app.getPath('userData'), 'identity.sealed'),
    memory: (deviceId) => path.join(app.getPath('userData'), 'memory', deviceId),
    logs: app.getPath('logs'),
    log: (name) => (app.isPackaged ? logFile(app.getPath('logs'), name) : process.stderr),
  };
}

/** This start's log, and the one before it: what is needed to see why something ended. */
function logFile(folder: string, name: string): Writable {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${name}.log`);
  if (existsSync(file)) renameSync(file, path.join(folder, `${name}.before.log`));
  const stream = createWriteStream(file, { mode: 0o600 });
  // A full disk must not end the program for want of a log.
  stream.on('error', () => undefined);
  return stream;
}
