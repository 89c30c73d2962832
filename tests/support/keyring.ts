import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

export type Keyring = Readonly<{
  /** With these a program finds this keychain, and no other. */
  environment: Readonly<Record<string, string>>;
  lock: () => void;
  /** As signing in to the computer does. */
  unlock: () => Promise<void>;
  /** It answers nobody, until it goes on. */
  hold: () => void;
  goOn: () => void;
  /** Its program ends, so that nobody keeps secrets on this bus; and begins again, with what it kept. */
  stop: () => Promise<void>;
  start: () => Promise<void>;
  /** The secret under this name, as the desk has it; null when there is none. */
  get: (account: string) => string | null;
  put: (account: string, secret: string | null) => void;
  close: () => Promise<void>;
}>;

const PASSWORD = 'a test';
const SECRETS = 'org.freedesktop.secrets';

/** Nothing is started on this bus by being asked for: no second keychain, and no question on somebody's screen. */
const BUS = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=${tmpdir()}</listen>
  <policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>`;

/** A keychain of its own, unlocked and empty, on a bus of its own (Linux): nobody's real one is touched. */
export async function openKeyring(): Promise<Keyring> {
  const folder = mkdtempSync(path.join(tmpdir(), 'medlane-keyring-'));
  const own = { HOME: folder, XDG_DATA_HOME: folder, XDG_RUNTIME_DIR: folder };
  const config = path.join(folder, 'bus.conf');
  writeFileSync(config, BUS);
  const bus = spawn('dbus-daemon', ['--config-file', config, '--nofork', '--print-address=1'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const environment = { DBUS_SESSION_BUS_ADDRESS: await lineOf(bus), XDG_RUNTIME_DIR: folder };
  const env = { ...process.env, ...own, ...environment };
  const told = (program: string, args: readonly string[], input = ''): string => {
    const { status, stdout, stderr } = spawnSync(program, args, { env, input, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${program}: ${stderr}`);
    return stdout.trim();
  };
  const send = (to: string, at: string, ...message: string[]) =>
    told('dbus-send', ['--session', '--print-reply', `--dest=${to}`, at, ...message]);
  const isThere = () =>
    send('org.freedesktop.DBus', '/', 'org.freedesktop.DBus.NameHasOwner', `string:${SECRETS}`).includes('true');

  /** In a program of its own: this one has another bus, or none. */
  const keytar = (name: string, ...args: string[]) => {
    const call = `import('keytar').then(({ default: k }) => k.${name}('Medlane', ...${JSON.stringify(args)}))`;
    const say = `.then((said) => console.log(JSON.stringify(said ?? null)))`;
    return JSON.parse(told(process.execPath, ['--eval', call + say]));
  };

  let daemon: ChildProcess;
  async function start() {
    const args = ['--foreground', '--unlock', '--components=secrets'];
    const started = spawn('gnome-keyring-daemon', args, { env, stdio: ['pipe', 'ignore', 'ignore'] });
    daemon = started;
    started.stdin.end(PASSWORD);
    // It does not say when it is there.
    for (let tries = 0; !isThere(); tries += 1) {
      if (tries === 100 || started.exitCode !== null) throw new Error('The keychain did not start.');
      await pause(50);
    }
  }
  await start();

  return {
    environment,
    lock: () =>
      void send(
        ...[SECRETS, '/org/freedesktop/secrets', 'org.freedesktop.Secret.Service.Lock'],
        'array:objpath:/org/freedesktop/secrets/aliases/default',
      ),
    unlock: () => unlock(path.join(folder, 'keyring', 'control')),
    hold: () => void daemon.kill('SIGSTOP'),
    goOn: () => void daemon.kill('SIGCONT'),
    stop: () => end(daemon),
    start,
    get: (account) => keytar('getPassword', account),
    put: (account, secret) =>
      void (secret === null ? keytar('deletePassword', account) : keytar('setPassword', account, secret)),
    async close() {
      await end(daemon);
      await end(bus);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What PAM does when somebody signs in: a byte of credentials, then how long, which act (1: unlock), and the password. */
async function unlock(control: string): Promise<void> {
  const socket = connect(control);
  const password = Buffer.from(PASSWORD);
  const message = Buffer.alloc(13);
  message.writeUInt32BE(12 + password.length, 1);
  message.writeUInt32BE(1, 5);
  message.writeUInt32BE(password.length, 9);
  socket.write(Buffer.concat([message, password]));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  if (answer.length !== 8 || answer.readUInt32BE(4) !== 0) throw new Error('The keychain was not unlocked.');
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  // Also one that was held.
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function lineOf(child: ChildProcess): Promise<string> {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const [line] = (await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => [])])) as string[];
  if (!line) throw new Error(`${child.spawnfile} did not start.`);
  return line;
}
