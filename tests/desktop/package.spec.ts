import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { parse } from 'yaml';
import { drawIcons } from '../../tools/icons.ts';
import { isAlive } from './launch.ts';
import { fromBuilder, type Packed, pack, root } from './packing.ts';

type Configuration = Record<string, Record<string, unknown>>;
const read = () => parse(readFileSync(path.join(root, 'electron-builder.yml'), 'utf8')) as Configuration;

/** Before it downloads anything: the packager's own check of its configuration. */
async function problemOf(configuration: Configuration): Promise<string | null> {
  const { validateConfiguration } = fromBuilder('app-builder-lib/out/util/config/config');
  const { DebugLogger } = fromBuilder('builder-util');
  return validateConfiguration(configuration, new DebugLogger(false)).then(
    () => null,
    (error: Error) => error.message,
  );
}

test.describe('the configuration', () => {
  test('is understood by the packager', async () => {
    expect(await problemOf(read())).toBeNull();
    expect(await problemOf({ ...read(), appIdd: {} })).toContain('appIdd');
  });

  test('makes what each system installs, with its icon and our links', () => {
    const { win, mac, linux, protocols } = read();
    expect([win?.['target'], mac?.['target'], linux?.['target']]).toEqual([
      'nsis',
      ['dmg', 'zip'],
      ['AppImage', 'deb'],
    ]);
    for (const file of [
      win?.['icon'],
      mac?.['icon'],
      linux?.['icon'],
      mac?.['entitlements'],
      mac?.['entitlementsInherit'],
    ])
      expect(existsSync(path.join(root, String(file))), String(file)).toBe(true);
    expect(protocols).toEqual({ name: 'Medlane', schemes: ['medlane'] });
    // A list of one system's own would widen the common one.
    for (const system of [win, mac, linux]) expect(system).not.toHaveProperty('files');
  });

  test('ships the icons that are drawn from the one of the screens', () => {
    for (const [file, content] of drawIcons())
      expect(readFileSync(path.join(root, file)).equals(content), file).toBe(true);
  });
});

test.describe('what was packed', () => {
  test.describe.configure({ mode: 'serial' });
  let packed: Packed;
  let folder: string;
  test.beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'medlane-packed-'));
    packed = await pack();
  });
  test.afterAll(() => {
    packed?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  test('holds what it needs, and nothing that only its makers need', () => {
    const { files, resources } = packed;
    const needed = ['out/main/main.js', 'out/preload/preload.cjs', 'out/renderer/index.html', 'out/server/medlane.js'];
    const more = [
      'out/server/worker.js',
      'resources/translations/en.json',
      'resources/demo/patients.csv',
      'package.json',
    ];
    for (const file of [...needed, ...more]) expect(files).toContain(`/${file}`);
    expect(files.filter((file) => /\.(ts|tsx|map|c|cc|cpp|h|gyp)$/.test(file))).toEqual([]);
    const top = new Set(files.map((file) => file.split('/')[1]));
    expect([...top].sort()).toEqual(['node_modules', 'out', 'package.json', 'resources']);
    const packages = new Set(files.flatMap((file) => /^\/node_modules\/((?:@[^/]+\/)?[^/@]+)/.exec(file)?.[1] ?? []));
    const typefaces = ['inter', 'noto-nastaliq-urdu', 'noto-sans-devanagari'].map(
      (name) => `@expo-google-fonts/${name}`,
    );
    const others = ['@node-rs/argon2', 'better-sqlite3', 'harfbuzzjs', 'keytar', 'swagger-ui-dist'];
    expect([...packages].filter((name) => !name.startsWith('@node-rs/argon2-')).sort()).toEqual([
      ...typefaces,
      ...others,
    ]);
    // Each typeface as it is and bold, with its licence.
    for (const name of typefaces) {
      const own = files.filter((file) => file.startsWith(`/node_modules/${name}/`));
      expect(own.filter((file) => file.endsWith('.ttf'))).toHaveLength(2);
      expect(own.some((file) => file.includes('LICENSE'))).toBe(true);
    }
    // One compiled file each, for this system.
    expect(files.filter((file) => file.endsWith('.node'))).toHaveLength(3);
    expect(readdirSync(resources)).toEqual(expect.arrayContaining(['app.asar', 'app.asar.unpacked', 'bin', 'node']));
  });

  test('cannot be turned into a plain Node, nor have its archive exchanged', async () => {
    const { getCurrentFuseWire, FuseV1Options: fuse } = fromBuilder('@electron/fuses');
    const wire = await getCurrentFuseWire(path.join(packed.folder, 'medlane'));
    const on = (name: string) => String.fromCharCode(wire[fuse[name]]) === '1';
    expect({
      RunAsNode: on('RunAsNode'),
      EnableCookieEncryption: on('EnableCookieEncryption'),
      EnableNodeOptionsEnvironmentVariable: on('EnableNodeOptionsEnvironmentVariable'),
      EnableNodeCliInspectArguments: on('EnableNodeCliInspectArguments'),
      EnableEmbeddedAsarIntegrityValidation: on('EnableEmbeddedAsarIntegrityValidation'),
      OnlyLoadAppFromAsar: on('OnlyLoadAppFromAsar'),
      GrantFileProtocolExtraPrivileges: on('GrantFileProtocolExtraPrivileges'),
    }).toEqual({
      RunAsNode: false,
      EnableCookieEncryption: true,
      EnableNodeOptionsEnvironmentVariable: false,
      EnableNodeCliInspectArguments: false,
      EnableEmbeddedAsarIntegrityValidation: true,
      OnlyLoadAppFromAsar: true,
      GrantFileProtocolExtraPrivileges: false,
    });
  });

  test('serves a clinic from its own command line, under its own Node', async () => {
    const program = path.join(packed.resources, 'bin/medlane');
    const args = ['--json', '--data', path.join(folder, 'headless'), 'serve', '--port', '0', '--demo'];
    // Nothing of this machine's Node may be needed.
    const server = spawn(program, args, {
      env: { PATH: '/usr/bin:/bin', HOME: folder },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const gone = new Promise((resolve) => server.once('exit', resolve));
    const line = await new Promise<string>((resolve) =>
      server.stdout.once('data', (chunk: Buffer) => resolve(String(chunk))),
    );
    const { url, accounts } = JSON.parse(line) as { url: string; accounts: Record<'username' | 'password', string>[] };
    expect(await (await fetch(`${url}/api/v1/health`)).json()).toMatchObject({ data: { status: 'ok', setUp: true } });
    expect(await (await fetch(url)).text()).toContain('<title>Medlane</title>');
    expect(
      await printedIn(
        'ur',
        url,
        accounts.find(({ username }) => username === 'admin'),
      ),
    ).toMatch(/^%PDF-1\.7/);
    server.kill('SIGTERM');
    expect(await gone).toBe(0);
  });

  test('starts as a desktop: its server answers, and its page speaks with it', async () => {
    const data = path.join(folder, 'clinic');
    const user = path.join(folder, 'user');
    const readJson = (file: string) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null);
    const desktop = packed.start([`--user-data-dir=${user}`, '--data', data, '--demo'], {
      HOME: folder,
      XDG_CONFIG_HOME: folder,
    });
    const gone = new Promise((resolve) => desktop.once('exit', resolve));
    await expect.poll(() => readJson(path.join(data, 'running.json'))?.url, { timeout: 40_000 }).toMatch(/^http/);
    const { pid, url } = readJson(path.join(data, 'running.json')) as { pid: number; url: string };
    expect((await fetch(`${url}/api/v1/health`)).ok).toBe(true);
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toContain(path.join(packed.resources, 'node/node'));
    // The page told its language through the preload: screens, bridge and main process found one another.
    await expect.poll(() => readJson(path.join(user, 'desk.json'))?.language).toBe('en');
    desktop.kill('SIGTERM');
    await gone;
    await expect.poll(() => isAlive(pid)).toBe(false);
  });
});

/** A report from a server, to see that it has its letters with it. */
async function printedIn(language: string, url: string, account: Record<'username' | 'password', string> | undefined) {
  const login = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ identifier: account?.username, password: account?.password }),
  });
  const { data } = (await login.json()) as { data: { accessToken: string } };
  const headers = { Authorization: `Bearer ${data.accessToken}` };
  return (await fetch(`${url}/api/v1/reports/day?language=${language}`, { headers })).text();
}
