import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root } from './bootstrap.mjs';
import { ensureBuilt } from './build.ts';
import { bin, run } from './process.ts';
import { ensureSystem } from './system.ts';

type Counts = { passed: number; failed: number; skipped: number };

/**
 * `npm test`: every test there is. With names (`npm test -- queue-order`) only the Vitest files that fit.
 * Each part runs even when one before it failed, so that one run tells everything.
 */
export async function test(names: readonly string[]): Promise<void> {
  ensureSystem();
  await ensureBuilt();
  rmSync(path.join(root, 'test-results'), { recursive: true, force: true });
  const parts: [string, string, () => Promise<void>][] = [
    ['unit, contract, server, whole system', 'vitest.json', () => run(bin('vitest'), ['run', ...names])],
    ['browser', 'browser.json', () => playwright('browser')],
    ['desktop', 'desktop.json', () => playwright('desktop')],
  ];
  const total: Counts = { passed: 0, failed: 0, skipped: 0 };
  let failures = 0;
  for (const [name, report, part] of names.length > 0 ? parts.slice(0, 1) : parts) {
    try {
      await part();
    } catch (error) {
      failures += 1;
      process.stderr.write(`${name}: ${(error as Error).message}\n`);
    }
    const counts = countsOf(path.join(root, 'test-results', report));
    for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += counts[key];
  }
  process.stdout.write(
    `\n${total.passed} passed, ${Math.max(total.failed, failures)} failed, ${total.skipped} skipped\n`,
  );
  process.exit(failures > 0 || total.failed > 0 || total.passed === 0 ? 1 : 0);
}

const playwright = (name: string) =>
  run(bin('playwright', '@playwright/test'), ['test', '-c', `tests/${name}/playwright.config.ts`], {
    PLAYWRIGHT_JSON_OUTPUT_FILE: path.join(root, 'test-results', `${name}.json`),
  });

/** What a runner counted, from its JSON report; one that left none counted nothing. */
function countsOf(file: string): Counts {
  if (!existsSync(file)) return { passed: 0, failed: 0, skipped: 0 };
  const report = JSON.parse(readFileSync(file, 'utf8')) as {
    numPassedTests?: number;
    numFailedTests?: number;
    numPendingTests?: number;
    stats?: { expected: number; unexpected: number; skipped: number; flaky: number };
  };
  if (report.stats)
    return {
      passed: report.stats.expected,
      failed: report.stats.unexpected + report.stats.flaky,
      skipped: report.stats.skipped,
    };
  return {
    passed: report.numPassedTests ?? 0,
    failed: report.numFailedTests ?? 0,
    skipped: report.numPendingTests ?? 0,
  };
}
