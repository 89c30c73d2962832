import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { App } from 'electron';

type Options = Readonly<{ app: App; platform: NodeJS.Platform; env: NodeJS.ProcessEnv }>;

/** Starts the program by itself when somebody signs in to this computer, or no more. */
export function startAtLogin(options: Options, on: boolean): void {
  if (options.platform === 'linux') autostart(options, on);
  else options.app.setLoginItemSettings({ openAtLogin: on, args: ownArguments(options) });
}

/** While the program is being made, Electron is told where it lies. */
const ownArguments = ({ app }: Options) => (app.isPackaged ? [] : [app.getAppPath()]);

/** Electron knows nothing of it on Linux; every desktop there reads this folder. */
function autostart(options: Options, on: boolean): void {
  const { app, env } = options;
  const folder = path.join(env['XDG_CONFIG_HOME'] || path.join(app.getPath('home'), '.config'), 'autostart');
  const file = path.join(folder, 'medlane.desktop');
  if (!on) {
    rmSync(file, { force: true });
    return;
  }
  // An AppImage is mounted anew at each start: what is to be started is the image.
  const program = env['APPIMAGE'] ?? app.getPath('exe');
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, desktopEntry([program, ...ownArguments(options)]));
}

/** As freedesktop.org's specification quotes the arguments of `Exec`. */
export function desktopEntry(command: readonly string[]): string {
  const quoted = command.map((part) => `"${part.replace(/[\\"`$]/g, (sign) => `\\${sign}`).replaceAll('%', '%%')}"`);
  return ['[Desktop Entry]', 'Type=Application', 'Name=Medlane', `Exec=${quoted.join(' ')}`, ''].join('\n');
}
