import { existsSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from '@playwright/test';

const root = path.join(import.meta.dirname, '../..');
const CHROMIUM = process.env['MEDLANE_CHROMIUM'] ?? '/usr/bin/chromium';
/** The same engine without windows, and a quarter faster. It shows no PDF: what is printed needs the whole browser. */
const SHELL = '/usr/bin/chromium-headless-shell';
const launchOptions = {
  executablePath: CHROMIUM,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ],
};
const quick = process.env['MEDLANE_CHROMIUM'] === undefined && existsSync(SHELL);
const report = process.env['PLAYWRIGHT_JSON_OUTPUT_FILE'];

export default defineConfig({
  testDir: import.meta.dirname,
  outputDir: path.join(root, 'test-results/browser'),
  workers: 2,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  projects: [
    {
      name: 'screens',
      grepInvert: /@paper/,
      use: quick ? { launchOptions: { ...launchOptions, executablePath: SHELL } } : {},
    },
    { name: 'paper', grep: /@paper/ },
  ],
  reporter: report ? [['list'], ['json', { outputFile: report }]] : 'list',
  use: {
    viewport: { width: 1366, height: 768 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    acceptDownloads: true,
    // A trace with pictures of every moment costs a third of the time; the page as it failed is kept below.
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
    video: 'off',
    launchOptions,
  },
});
