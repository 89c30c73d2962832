// Runs a developer's task (`npm test`, `npm run check` …) under the project's own Node.
import { fileURLToPath } from 'node:url';
import { ensureInstalled, underOwnNode } from './bootstrap.mjs';

ensureInstalled();
if (underOwnNode(fileURLToPath(import.meta.url))) {
  const [task = '', ...args] = process.argv.slice(2);
  const { tasks } = await import('./tasks.ts');
  const run = tasks[task];
  if (!run) {
    process.stderr.write(`Tasks: ${Object.keys(tasks).join(', ')}\n`);
    process.exit(2);
  }
  await run(args);
}
