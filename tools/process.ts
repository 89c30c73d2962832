import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './bootstrap.mjs';

/** A package's own program, as a file to run: the shims in `.bin` are scripts of the shell on some platforms. */
export function bin(name: string, owner = name): string {
  const folder = path.join(root, 'node_modules', ...owner.split('/'));
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    bin: string | Record<string, string>;
  };
  return path.join(folder, typeof manifest.bin === 'string' ? manifest.bin : (manifest.bin[name] as string));
}

/** Runs a program to its end. @throws when it fails. */
export function run(program: string, args: readonly string[], env: Record<string, string> = {}): Promise<void> {
  const script = /\.(c|m)?js$/.test(program) || program.includes('node_modules');
  const [command, given] =
    script && program !== process.execPath ? [process.execPath, [program, ...args]] : [program, [...args]];
  return new Promise((resolve, reject) => {
    const child = spawn(command, given, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    });
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`${path.basename(program)} ${args[0] ?? ''} failed (${code})`)),
    );
  });
}
