import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

const onPath = (...programs: string[]) =>
  (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .some((folder) => programs.some((program) => existsSync(path.join(folder, program))));

/** What the tests need from the system: by Debian's package name, and how to see that it is there. */
const NEEDED: Record<string, () => boolean> = {
  strace: () => process.platform !== 'linux' || onPath('strace'),
  chromium: () =>
    process.env['MEDLANE_CHROMIUM'] !== undefined || onPath('chromium', 'chromium-browser', 'google-chrome'),
  'chromium-headless-shell': () =>
    process.env['MEDLANE_CHROMIUM'] !== undefined || !onPath('apt-get') || onPath('chromium-headless-shell'),
  'gnome-keyring': () => onPath('gnome-keyring-daemon'),
  'dbus-x11': () => onPath('dbus-run-session'),
  'libsecret-1-0': () =>
    ['/usr/lib', '/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu'].some((folder) =>
      existsSync(`${folder}/libsecret-1.so.0`),
    ),
  postgresql: () =>
    onPath('initdb') ||
    (existsSync('/usr/lib/postgresql') &&
      readdirSync('/usr/lib/postgresql').some((version) => existsSync(`/usr/lib/postgresql/${version}/bin/initdb`))),
  'poppler-utils': () => onPath('pdftoppm'),
  // Nobody else may make networks: what needs one is skipped then.
  iproute2: () => process.getuid?.() !== 0 || onPath('ip'),
  nftables: () => process.getuid?.() !== 0 || onPath('nft'),
  'fonts-noto-core': () => existsSync('/usr/share/fonts/truetype/noto'),
};

const missing = () =>
  Object.entries(NEEDED)
    .filter(([, isThere]) => !isThere())
    .map(([name]) => name);

/** Installs what is missing when it may; otherwise says in one line what to install, and stops. */
export function ensureSystem(): void {
  const names = missing();
  if (names.length === 0) return;
  if (process.platform === 'linux' && process.getuid?.() === 0 && onPath('apt-get')) {
    process.stderr.write(`Installing ${names.join(' ')} …\n`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore', env });
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env,
    });
  }
  const left = missing();
  if (left.length === 0) return;
  process.stderr.write(
    `The tests need from the system: ${left.join(' ')}. On Debian: sudo apt-get install ${left.join(' ')}\n`,
  );
  process.exit(1);
}
