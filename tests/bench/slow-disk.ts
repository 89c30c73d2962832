import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Workshop } from './clinic-folder.ts';
import type { DeskOrder, DeskResult } from './desks.ts';
import { type Figure, judged, median, rate, times } from './figures.ts';
import { startHelper } from './helper.ts';
import { type Effort, issue, openFloor, openFull } from './tokens.ts';

const group = 'With a slow disk (fsync + 8 ms)';

/** A clinic PC's disk takes its time to promise: what grouping is for. */
export async function benchSlowDisk(shop: Workshop, { rounds, seconds }: Effort): Promise<Figure[]> {
  const shim = path.join(shop.folder, 'slow-disk.so');
  const compiled = spawnSync('cc', [
    '-shared',
    '-fPIC',
    '-O2',
    '-o',
    shim,
    fileURLToPath(new URL('./slow-disk.c', import.meta.url)),
    '-ldl',
  ]);
  if (compiled.status !== 0) return [{ group, what: 'Skipped', measured: 'there is no C compiler on this machine' }];
  const env = { LD_PRELOAD: shim, MEDLANE_SLOW_FSYNC_US: '8000' };
  const floor = await openFloor(shop, 'slow-floor', env);
  const desks = startHelper<DeskOrder, DeskResult>('./desks.ts');
  const clinic = await openFull(shop, 'slow-product', env);
  const seen = { R1: [] as number[], one: [] as number[], many: [] as number[] };
  try {
    for (let round = 0; round < rounds; round += 1) {
      seen.R1.push(await floor.run(1, seconds));
      seen.one.push(await issue(clinic, desks, { clients: 1, seconds, queues: 2 }));
      seen.many.push(await issue(clinic, desks, { clients: 32, seconds, queues: 16 }));
    }
  } finally {
    desks.stop();
    floor.stop();
    await clinic.stop();
  }
  const [R1, one, many] = [median(seen.R1), median(seen.one), median(seen.many)];
  return [
    { group, what: 'Raw, one commit each', measured: rate(R1) },
    { group, what: '1 client', measured: `${rate(one)} = ${times(one / R1)} raw` },
    judged(group, '32 clients', Number((many / R1).toFixed(1)), 'least', 8, {
      measured: `${rate(many)} = ${times(many / R1)}`,
      limit: `one commit per request ${rate(R1)}`,
      unit: '× one commit per request',
    }),
  ];
}
