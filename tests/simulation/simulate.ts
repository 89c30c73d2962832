import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { play } from './play.ts';
import { createClinics, momentOf } from './prepared-clinic.ts';

const HELP = `npm run simulate -- [--seeds N] [--seed S]   plays N seeds from S on (100 from 1001 on)
npm run simulate -- --seed S                plays one seed and tells everything that happens in it
`;

const REGRESSIONS = new URL('regressions.json', import.meta.url);

/** `npm run simulate`: desks, boards and their server through anything, seed by seed. A seed that finds something is kept. */
export async function simulate(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { seeds: { type: 'string' }, seed: { type: 'string' }, help: { type: 'boolean', default: false } },
  });
  const many = Number(values.seeds ?? (values.seed === undefined ? 100 : 1));
  const first = Number(values.seed ?? 1001);
  if (values.help || !Number.isInteger(many) || !Number.isInteger(first) || many < 1)
    return void process.stdout.write(HELP);
  const begun = performance.now();
  const clinics = createClinics();
  const failed: number[] = [];
  const tell = values.seeds === undefined && values.seed !== undefined ? say : undefined;
  try {
    for (let seed = first; seed < first + many; seed += 1) {
      const { wrong, digest, shown, alone } = await play(seed, {
        prepared: await clinics.for(seed),
        ...(tell ? { tell } : {}),
      });
      if (tell)
        say(
          `seed ${seed}, ${momentOf(seed)}: ${shown} commands shown as done, ${alone} of them without the server, digest ${digest}`,
        );
      if (wrong.length === 0) continue;
      failed.push(seed);
      for (const text of wrong) say(`seed ${seed}: ${text}`);
      say(`Play it again: npm run simulate -- --seed ${seed}`);
    }
  } finally {
    await clinics.close();
  }
  const seconds = Math.round((performance.now() - begun) / 1000);
  say(`${many - failed.length} of ${many} seeds found nothing, from ${first} on, in ${seconds} s.`);
  if (failed.length > 0) {
    keep(failed);
    process.exitCode = 1;
  }
}

/** What failed once is played by `npm test` from now on. */
function keep(seeds: readonly number[]): void {
  const known = JSON.parse(readFileSync(REGRESSIONS, 'utf8')) as number[];
  const all = [...new Set([...known, ...seeds])].sort((a, b) => a - b);
  writeFileSync(REGRESSIONS, `${JSON.stringify(all)}\n`);
  say(`Kept in tests/simulation/regressions.json: ${seeds.join(', ')}.`);
}

const say = (line: string) => void process.stdout.write(`${line}\n`);
