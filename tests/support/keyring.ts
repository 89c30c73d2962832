import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

export type Keyring = Readonly<{
  /** With these a program finds this keychain, and no other. */
  environment: Readonly<Record<string, string>>;
  close: () => Promise<void>;
}>;

/** A keychain of its own, unlocked and empty, on a bus of its own (Linux): nobody's real one is touched. */
export async function openKeyring(): Promise<Keyring> {
  const folder = mkdtempSync(path.join(tmpdir(), 'medlane-keyring-'));
  const own = { HOME: folder, XDG_DATA_HOME: folder, XDG_RUNTIME_DIR: folder };
  const bus = spawn('dbus-daemon', ['--session', '--nofork', '--print-address=1'], {
    env: { ...process.env, ...own },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const DBUS_SESSION_BUS_ADDRESS = await lineOf(bus);
  const daemon = spawn('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets'], {
    env: { ...process.env, ...own, DBUS_SESSION_BUS_ADDRESS },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  daemon.stdin.end('a test');
  // It does not say when it is there; and whoever asks itself too early is given another one, which is locked.
  const question = ['--session', '--print-reply', '--dest=org.freedesktop.DBus', '/org/freedesktop/DBus'];
  const isThere = () =>
    spawnSync('dbus-send', [...question, 'org.freedesktop.DBus.NameHasOwner', 'string:org.freedesktop.secrets'], {
      env: { ...process.env, DBUS_SESSION_BUS_ADDRESS },
      encoding: 'utf8',
    }).stdout.includes('boolean true');
  for (let tries = 0; !isThere(); tries += 1) {
    if (tries === 100 || daemon.exitCode !== null) throw new Error('The keychain did not start.');
    await pause(50);
  }
  const end = async (child: ChildProcess) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill();
    await once(child, 'exit');
  };
  return {
    environment: { DBUS_SESSION_BUS_ADDRESS, XDG_RUNTIME_DIR: folder },
    async close() {
      await end(daemon);
      await end(bus);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function lineOf(child: ChildProcess): Promise<string> {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const [line] = (await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => [])])) as string[];
  if (!line) throw new Error(`${child.spawnfile} did not start.`);
  return line;
}
