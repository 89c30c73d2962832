import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../support/process.ts';

/** One thing that a process asked of the system, in the order in which it was done. */
export type Recorded =
  | Readonly<{ did: 'create' | 'remove'; file: string }>
  | Readonly<{ did: 'rename'; from: string; to: string }>
  | Readonly<{ did: 'write'; file: string; at: number; bytes: Buffer }>
  | Readonly<{ did: 'resize'; file: string; size: number }>
  /** A file, or the names in a folder, are on the disk when this is done. */
  | Readonly<{ did: 'sync'; file: string }>
  /** What it said on its output: nobody takes that back. */
  | Readonly<{ did: 'say'; text: string }>;

const WATCHED =
  'openat,pwrite64,write,pwritev,writev,ftruncate,fallocate,fsync,fdatasync,?unlink,unlinkat,?rename,?renameat,renameat2';

/**
 * Runs a script of the tests and writes down what it does to the files of a folder.
 * @throws when it fails, or does something to them that cannot be played again
 */
export async function record(folder: string, script: string, args: readonly string[]): Promise<Recorded[]> {
  const out = mkdtempSync(path.join(tmpdir(), 'medlane-trace-'));
  const trace = path.join(out, 'trace');
  const options = [
    '-f',
    '-qq',
    '-y',
    '-xx',
    '-s',
    '4000000',
    '-e',
    `trace=${WATCHED}`,
    '-e',
    'signal=none',
    '-o',
    trace,
  ];
  const child = spawn('strace', [...options, process.execPath, script, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.resume();
  try {
    const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
    if (code !== 0) throw new Error(`${script} ended with ${String(code)}.`);
    return read(await readFile(trace, 'latin1'), folder);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

const CALL = /^(\d+) +(\w+)\((.*)\) += (-?\d+)(.*)$/;
const UNFINISHED = /^(\d+) +(\w+\(.*) <unfinished \.\.\.>$/;
const RESUMED = /^(\d+) +<\.\.\. \w+ resumed>(.*)$/;
/** Every text is written in hexadecimal, so that no byte of it looks like something else. */
const TEXT = '"((?:\\\\x[0-9a-f]{2})*)"';

const bytesOf = (hex: string): Buffer => Buffer.from(hex.replaceAll('\\x', ''), 'hex');
const textOf = (hex: string): string => bytesOf(hex).toString();

/** What a trace says of the files in a folder. */
function read(trace: string, folder: string): Recorded[] {
  const found: Recorded[] = [];
  const begun = new Map<string, string>();
  /** How far each open file was written by calls that do not say where. */
  const positions = new Map<string, number>();
  for (const line of trace.split('\n')) {
    const unfinished = UNFINISHED.exec(line);
    if (unfinished) begun.set(unfinished[1] as string, unfinished[2] as string);
    const resumed = RESUMED.exec(line);
    // A call counts from when it is done: before that nobody may rely on it.
    const whole = resumed ? `${resumed[1]} ${begun.get(resumed[1] as string)}${resumed[2]}` : line;
    const call = CALL.exec(whole);
    if (!call || Number(call[4]) < 0) continue;
    found.push(...eventsOf(call[2] as string, call[3] as string, { result: Number(call[4]), folder, positions }));
  }
  return found;
}

type Context = Readonly<{ result: number; folder: string; positions: Map<string, number> }>;

function eventsOf(name: string, args: string, { result, folder, positions }: Context): Recorded[] {
  // Shared memory between processes is not on the disk, and made anew.
  const isOurs = (file: string) => file.startsWith(folder) && !file.endsWith('-shm') && !file.endsWith('(deleted)');
  const opened = /^(\d+)<((?:\\x[0-9a-f]{2})*)>/.exec(args);
  const file = opened ? textOf(opened[2] as string) : '';
  const texts = [...args.matchAll(new RegExp(TEXT, 'g'))].map(([, hex]) => hex as string);
  const numbers =
    args
      .slice(args.lastIndexOf('"') + 1)
      .match(/\d+/g)
      ?.map(Number) ?? [];
  switch (name) {
    case 'openat': {
      const asked = textOf(texts[0] ?? '');
      positions.set(`${result}`, 0);
      if (!isOurs(asked) || !/O_CREAT|O_TRUNC/.test(args)) return [];
      return [
        { did: 'create', file: asked },
        ...(/O_TRUNC/.test(args) ? [{ did: 'resize', file: asked, size: 0 } as const] : []),
      ];
    }
    case 'pwrite64':
      return isOurs(file) ? [{ did: 'write', file, at: numbers[1] as number, bytes: bytesOf(texts[0] as string) }] : [];
    case 'write': {
      const fd = opened?.[1] as string;
      if (fd === '1') return [{ did: 'say', text: textOf(texts[0] as string) }];
      if (!isOurs(file)) return [];
      const at = positions.get(fd) ?? 0;
      positions.set(fd, at + result);
      return [{ did: 'write', file, at, bytes: bytesOf(texts[0] as string).subarray(0, result) }];
    }
    case 'ftruncate':
      return isOurs(file) ? [{ did: 'resize', file, size: Number(args.slice(args.lastIndexOf(',') + 1)) }] : [];
    case 'fsync':
    case 'fdatasync':
      return file === folder || isOurs(file) ? [{ did: 'sync', file }] : [];
    case 'unlink':
    case 'unlinkat': {
      const gone = textOf(texts[0] ?? '');
      return isOurs(gone) ? [{ did: 'remove', file: gone }] : [];
    }
    case 'rename':
    case 'renameat':
    case 'renameat2': {
      const [from, to] = texts.map(textOf) as [string, string];
      return isOurs(to) ? [{ did: 'rename', from, to }] : [];
    }
    default:
      if (isOurs(file)) throw new Error(`${name} on ${file} is not played again yet.`);
      return [];
  }
}
