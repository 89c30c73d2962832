import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { root } from '../process.ts';

/** Where desks find their server's door. */
export const DOOR = 7444;

/**
 * What the network does to one computer: its cable is out; it hears nothing, or is not heard, although its cable is in;
 * what is connected now carries nothing more, and new connections do (a firewall that forgot them).
 */
export const CUTS = ['pulled', 'deaf', 'mute', 'half-open'] as const;
export type Cut = (typeof CUTS)[number];

/** Computers on one switch, each in a network namespace of its own; nothing of it is in this computer's own network. */
export type Lan = Readonly<{
  /** Starts a program of ours there, with a channel to talk to it. */
  start: (host: string, script: string, args: readonly string[]) => ChildProcess;
  cut: (host: string, how: Cut) => void;
  mend: (host: string) => void;
  /** The router gives it another number: connections to the old one end in nothing. */
  renumber: (host: string, address: string) => void;
  /** Carries what a computer says to the server into a program on the same computer, by the server's address. */
  redirect: (host: string, own: string, ports: Readonly<Record<string, number>>) => void;
  close: () => void;
}>;

/** Why there can be no such network here; null where there can. */
export function whyNoLan(): string | null {
  if (process.platform !== 'linux') return 'network namespaces are of Linux';
  if (process.getuid?.() !== 0) return 'only root may make network namespaces';
  const missing = ['ip', 'nft', 'ss'].filter((program) => spawnSync(program, ['-V']).error);
  if (missing.length > 0) return `${missing.join(', ')}: not installed`;
  const probe = `medlane-${process.pid}-probe`;
  const made = spawnSync('ip', ['netns', 'add', probe], { encoding: 'utf8' });
  spawnSync('ip', ['netns', 'delete', probe]);
  return made.status === 0 ? null : `no network namespace can be made: ${made.stderr.trim()}`;
}

let lans = 0;

export function openLan(hosts: Readonly<Record<string, readonly string[]>>): Lan {
  forgetTheDead();
  lans += 1;
  const space = (name: string) => `medlane-${process.pid}-${lans}-${name}`;
  const [names, lan] = [Object.keys(hosts), space('switch')];
  const close = () => {
    for (const name of [...names, 'switch']) spawnSync('ip', ['netns', 'delete', space(name)]);
  };
  const nft = (host: string, table: string, chains: readonly string[]) => {
    const rules = [`table ${table}`, `delete table ${table}`, `table ${table} {`, ...chains, '}', ''].join('\n');
    run('ip', ['netns', 'exec', space(host), 'nft', '-f', '-'], rules);
  };
  const switched = (host: string, state: 'up' | 'down') => ip(lan, [`link set ${host} ${state}`]);
  const filter = (host: string, hook: string, rule: string) =>
    nft(host, 'inet cut', [`chain ${hook} {`, `type filter hook ${hook} priority 0;`, rule, '}']);
  // Adverts go wherever everything goes.
  const numbered = (addresses: readonly string[]) => [
    ...addresses.map((address) => `addr add ${address}/24 dev eth0`),
    'link set eth0 up',
    'route replace default dev eth0',
  ];

  try {
    run('ip', ['netns', 'add', lan]);
    ip(lan, ['link add lan type bridge', 'link set lan up']);
    for (const [host, addresses] of Object.entries(hosts)) {
      run('ip', ['netns', 'add', space(host)]);
      ip(lan, [`link add ${host} type veth peer name eth0 netns ${space(host)}`, `link set ${host} master lan up`]);
      ip(space(host), ['link set lo up', ...numbered(addresses)]);
    }
  } catch (error) {
    close();
    throw error;
  }

  return {
    close,
    start: (host, script, args) =>
      spawn('ip', ['netns', 'exec', space(host), process.execPath, script, ...args], {
        cwd: root,
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        serialization: 'advanced',
      }),
    cut(host, how) {
      if (how === 'pulled') switched(host, 'down');
      if (how === 'deaf') filter(host, 'input', 'iifname "eth0" drop');
      if (how === 'mute') filter(host, 'output', 'oifname "eth0" drop');
      if (how !== 'half-open') return;
      const ports = connectedFrom(space(host));
      if (ports.length > 0) filter(host, 'output', `oifname "eth0" tcp sport { ${ports.join(', ')} } drop`);
    },
    mend(host) {
      switched(host, 'up');
      nft(host, 'inet cut', []);
    },
    renumber: (host, address) => ip(space(host), ['addr flush dev eth0', ...numbered([address])]),
    redirect: (host, own, ports) =>
      nft(host, 'ip wire', [
        ...['chain output {', 'type nat hook output priority -100;'],
        ...Object.entries(ports).map(
          ([address, port]) => `ip saddr != ${own} ip daddr ${address} tcp dport ${DOOR} redirect to :${port}`,
        ),
        '}',
      ]),
  };
}

/** What a test that was killed has left behind. */
function forgetTheDead(): void {
  for (const [name = '', pid] of run('ip', ['netns', 'list']).matchAll(/^medlane-(\d+)-\S+/gm))
    if (!existsSync(`/proc/${pid}`)) run('ip', ['netns', 'delete', name]);
}

/** From which ports a computer is connected with the server now. */
const connectedFrom = (space: string): string[] =>
  [...run('ip', ['netns', 'exec', space, 'ss', '-Htn']).matchAll(/:(\d+)\s+[\d.]+:7444\s*$/gm)].flatMap(
    ([, port]) => port ?? [],
  );

const ip = (space: string, commands: readonly string[]) => run('ip', ['-n', space, '-batch', '-'], commands.join('\n'));

function run(program: string, args: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync(program, args, { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}${input}`);
  return stdout;
}
