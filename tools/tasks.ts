import { bin, run } from './process.ts';

/** A developer's tasks, by the name of their npm script. */
export const tasks: Record<string, (args: string[]) => Promise<void>> = {
  build: async () => (await import('./build.ts')).ensureBuilt(),
  check: async () => (await import('./check.ts')).check(),
  test: async (args) => (await import('./test.ts')).test(args),
  format: () => run(bin('biome', '@biomejs/biome'), ['check', '--write', '.', '--diagnostic-level=error']),
  day: async (args) => {
    await tasks['build']?.([]);
    await (await import('../tests/day/day.ts')).day(args);
  },
  simulate: async (args) => (await import('../tests/simulation/simulate.ts')).simulate(args),
  bench: async (args) => {
    await tasks['build']?.([]);
    await (await import('../tests/bench/bench.ts')).bench(args);
  },
  /** Draws the program's icons from `renderer/icon.svg`. */
  icons: async () => (await import('./icons.ts')).writeIcons(),
  /** Takes the pictures in the documents anew, of the screens as they are now. */
  pictures: async () => {
    await tasks['build']?.([]);
    await (await import('./pictures.ts')).pictures();
  },
  /** Writes the next numbered migration of both dialects after a change in `server/db/schema/`. */
  migrations: async ([name = 'change']) => {
    for (const dialect of ['sqlite', 'postgres']) {
      await run(process.execPath, [
        'node_modules/drizzle-kit/bin.cjs',
        'generate',
        '--config',
        `tools/drizzle.${dialect}.config.ts`,
        '--name',
        name,
      ]);
    }
  },
};
