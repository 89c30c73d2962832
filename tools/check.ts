import { bin, run } from './process.ts';

/** Everything that is right or wrong without running the product: types, style, promises, imports. */
export async function check(): Promise<void> {
  const steps: [string, () => Promise<void>][] = [
    [
      'types',
      async () => {
        await run(bin('tsc', '@typescript/native'), ['-b']);
        await run(bin('tsc', '@typescript/native'), ['-p', 'tests']);
      },
    ],
    ['style', () => run(bin('biome', '@biomejs/biome'), ['check', '.', '--diagnostic-level=error'])],
    [
      'promises',
      () => run(bin('oxlint'), ['--type-aware', 'server', 'paper', 'main', 'renderer', 'contract', 'domain']),
    ],
    [
      'imports',
      () =>
        run(bin('depcruise', 'dependency-cruiser'), [
          'domain',
          'contract',
          'paper',
          'server',
          'main',
          'preload',
          'renderer',
          '--config',
          '.dependency-cruiser.cjs',
        ]),
    ],
  ];
  for (const [name, step] of steps) {
    const begun = performance.now();
    try {
      await step();
    } catch (error) {
      process.stderr.write(`check: ${name} failed: ${(error as Error).message}\n`);
      process.exit(1);
    }
    process.stdout.write(`check: ${name} (${((performance.now() - begun) / 1000).toFixed(1)} s)\n`);
  }
}
