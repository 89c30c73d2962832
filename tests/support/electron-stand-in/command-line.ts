/** Electron's command line, as Chromium reads it: switches count at any position, also after the app's path. */

export interface CommandLine {
  /** Modules of `-r file`, loaded before the app: Playwright passes its loader so. */
  readonly requires: readonly string[];
  /** `--key=value` and `--key`, without the dashes. */
  readonly switches: Map<string, string>;
  /** The first argument that is no switch: the app's folder or its main file. */
  readonly appPath: string | undefined;
}

export function parseCommandLine(args: readonly string[]): CommandLine {
  const requires: string[] = [];
  const switches = new Map<string, string>();
  let appPath: string | undefined;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '-r' || arg === '--require') {
      const file = args[++at];
      if (file !== undefined) requires.push(file);
    } else if (arg === '--') {
      appPath ??= args[at + 1];
      break;
    } else if (arg.startsWith('-')) {
      const [, key = '', value = ''] = /^--?([^=]*)=?(.*)$/s.exec(arg) ?? [];
      switches.set(key, value);
    } else {
      appPath ??= arg;
    }
  }
  return { requires, switches, appPath };
}

/** The switches Chromium should see: all of them, but for those the host itself answers. */
export function chromiumSwitches(switches: ReadonlyMap<string, string>): string[] {
  const ours = /^(inspect|inspect-brk|remote-debugging-.*|user-data-dir|headless|version)$/;
  return [...switches]
    .filter(([key]) => key !== '' && !ours.test(key))
    .map(([key, value]) => (value === '' ? `--${key}` : `--${key}=${value}`));
}
