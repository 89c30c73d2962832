#!/usr/bin/env node
// `npm start` and `npx medlane`: installs, builds, and runs the command line of the product.
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureInstalled, root, underOwnNode } from './bootstrap.mjs';

ensureInstalled();
if (underOwnNode(fileURLToPath(import.meta.url))) {
  const { ensureBuilt } = await import('./build.ts');
  await ensureBuilt();
  if (process.argv[2] === 'start') {
    const { start } = await import('./start.ts');
    await start(process.argv.slice(3));
  } else {
    process.argv[1] = 'medlane';
    await import(pathToFileURL(`${root}out/server/medlane.js`).href);
  }
}
