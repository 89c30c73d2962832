import { existsSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from '@playwright/test';

const root = path.join(import.meta.dirname, '../..');
// Where Electron's binary could not be had, its stand-in takes its place; the specs do not know which one they drive.
if (!existsSync(path.join(root, 'node_modules/electron/path.txt'))) {
  process.env['ELECTRON_OVERRIDE_DIST_PATH'] ??= path.join(root, 'tests/support/electron-stand-in');
}

export default defineConfig({
  testDir: import.meta.dirname,
  outputDir: path.join(root, 'test-results/desktop'),
  workers: 1,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: process.env['PLAYWRIGHT_JSON_OUTPUT_FILE'] ? [['list'], ['json']] : 'list',
  use: { trace: 'off', video: 'off' },
});
