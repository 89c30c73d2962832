// Runs on whatever Node (20 or newer) and npm (10 or newer) the machine has, before anything is installed: plain
// JavaScript, nothing but the standard library. Installs from the lockfile when needed, and goes on under the project's
// own Node 24, because the database driver crashes on older ones.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../', import.meta.url));
const inRoot = (...parts) => path.join(root, ...parts);
const ownNode = inRoot('node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const stamp = inRoot('node_modules', '.medlane-lock');

function npm(...args) {
  // The npm that runs this script, if one does; else the one beside this Node, or on the path.
  const own = process.env.npm_execpath;
  // By the Node that npm runs on: ours, which `npm run` finds first, is among what `npm ci` takes away.
  const node = process.env.npm_node_execpath ?? process.execPath;
  const [command, given] = own?.endsWith('.js') ? [node, [own, ...args]] : ['npm', args];
  const attempt = () =>
    spawnSync(command, given, {
      cwd: root,
      stdio: ['ignore', 2, 2],
      shell: command === 'npm' && process.platform === 'win32',
    }).status;
  // Twice: a line that drops for a moment is the commonest reason, and nothing is half done by trying again.
  if (attempt() !== 0 && attempt() !== 0) {
    process.stderr.write(
      `Could not install what Medlane needs (npm ${args.join(' ')} failed). Is the npm registry reachable?\n`,
    );
    process.exit(1);
  }
}

/** Installs when the lockfile is not the one that was installed last. */
export function ensureInstalled() {
  const lock = createHash('sha256')
    .update(readFileSync(inRoot('package-lock.json')))
    .digest('hex');
  if (existsSync(ownNode) && existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  process.stderr.write('Installing what Medlane needs …\n');
  // Both npm 10 and 11: no package's own script runs, but the one that brings Node.
  npm('ci', '--ignore-scripts', '--loglevel=error');
  npm('rebuild', 'node', '--loglevel=error');
  writeFileSync(stamp, lock);
}

/** Goes on under the project's Node with the same arguments; true when this already is it. */
export function underOwnNode(script) {
  if (Number(process.versions.node.split('.')[0]) >= 24) return true;
  const child = spawn(ownNode, [script, ...process.argv.slice(2)], { stdio: 'inherit' });
  // The terminal sends Ctrl-C to both; the child decides when it is done.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => signal === 'SIGTERM' && child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
  return false;
}
