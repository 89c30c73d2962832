import { addPatients } from './bulk.ts';
import { openClinic, type Workshop } from './clinic-folder.ts';
import type { DeskOrder, DeskResult } from './desks.ts';
import { type Figure, judged, ms, quantile } from './figures.ts';
import { startHelper } from './helper.ts';

const group = 'Finding a patient';

/** What people type. The names are those of the demonstration's patients, mixed, so that common ones are very common. */
export const QUERIES: readonly (readonly [what: string, queries: readonly string[]])[] = [
  ['two letters', ['jo', 'ma', 'an', 'sc']],
  ['a common fragment', ['son', 'mar', 'ell']],
  ['a rare fragment', ['wiegand', 'zieme', 'quigl']],
  ['two words', ['maria gonz', 'john sch', 'ros kling']],
  ['a typo', ['schnider', 'gonsalez', 'kuphall', 'jonhson']],
  ['part of a phone', ['31415', '92345', '0777']],
  ['a registration number', ['77-012-345', '77-003-021']],
  ['nobody of that name', ['xqzvbrt', 'wwkkyyp']],
];

/** Over HTTP, signed in, with everything that a keystroke costs. */
export async function benchSearch(
  shop: Workshop,
  { patients, seconds }: Readonly<{ patients: number; seconds: number }>,
): Promise<Figure[]> {
  const folder = shop.copy('search');
  addPatients(folder, patients);
  const clinic = await openClinic({ entry: shop.entry, accounts: shop.accounts, folder });
  const desks = startHelper<DeskOrder, DeskResult>('./desks.ts');
  const label = `${patients.toLocaleString('en')} patients`;
  try {
    const order = {
      port: clinic.port,
      kind: 'search',
      clients: 1,
      tokens: clinic.tokens.desks,
      patients: [],
      queues: [],
    } as const;
    // One after another, as somebody types: a slow answer delays the next question and is counted once.
    const run = (searches: readonly string[], seconds: number) => desks.ask({ ...order, searches, seconds, most: 200 });
    const figures: Figure[] = [];
    const all: number[] = [];
    for (const [what, queries] of QUERIES) {
      await run(queries, 0.2);
      const { latencies, failed, failures } = await run(queries, seconds);
      if (failed > 0)
        figures.push({
          group,
          what: `${what}, ${label}`,
          measured: `FAILED ${failed} of ${latencies.length}: ${failures[0]}`,
          goal: 'an answer',
          met: false,
          miss: 'fails',
        });
      else {
        all.push(...latencies);
        const p95 = quantile(latencies, 0.95);
        figures.push(
          judged(group, `${what}, ${label}`, Number(p95.toFixed(1)), 'most', 10, {
            measured: `p50 ${ms(quantile(latencies, 0.5))}, p95 ${ms(p95)}, p99 ${ms(quantile(latencies, 0.99))}`,
            unit: 'ms p95',
          }),
        );
      }
    }
    const page = await run([''], seconds);
    if (page.failed > 0) throw new Error(`The newest page failed: ${page.failures[0]}`);
    const p99 = quantile(page.latencies, 0.99);
    figures.push(
      judged(group, `the newest, unranked page, ${label}`, Number(p99.toFixed(1)), 'most', 5, {
        measured: `p50 ${ms(quantile(page.latencies, 0.5))}, p99 ${ms(p99)}`,
        unit: 'ms p99',
      }),
    );
    const p95 = quantile(all, 0.95);
    return [
      judged(group, `all of these searches, ${label}`, Number(p95.toFixed(1)), 'most', 10, {
        measured: `p50 ${ms(quantile(all, 0.5))}, p95 ${ms(p95)}`,
        unit: 'ms p95',
      }),
      ...figures,
    ];
  } finally {
    desks.stop();
    await clinic.stop();
  }
}
