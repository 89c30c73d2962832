import path from 'node:path';
import { startServer } from '../day/server.ts';
import { group } from './alone.ts';
import { openClinic, type Workshop } from './clinic-folder.ts';
import { openDesk, pairedWith } from './desk.ts';
import { type Figure, judged, quantile } from './figures.ts';

/** The server of a whole clinic falls over and is started again: how long until each desk has all that it has. */
export async function benchDesksBack(shop: Workshop, desks: number): Promise<Figure> {
  const folder = shop.copy('desks-back');
  const clinic = await openClinic({ ...shop, folder, serve: ['--stations', '0'] });
  const { port, host } = new URL(clinic.server.doors['stations'] ?? '');
  const identity = await pairedWith(clinic, `127.0.0.1:${port}`);
  const open = Array.from({ length: desks }, (_, n) => openDesk(identity, host, path.join(shop.folder, `back-${n}`)));
  let { server } = clinic;
  try {
    await Promise.all(open.map((desk) => desk.until(({ filled }) => filled)));
    await server.kill();
    await Promise.all(open.map((desk) => desk.until(({ link }) => link === 'offline')));
    server = await startServer({ entry: shop.entry, folder, serve: ['--stations', port] });
    const up = performance.now();
    const waits = await Promise.all(
      open.map(async (desk) => {
        await desk.until(({ filled, unsent }) => filled && unsent === 0);
        return (performance.now() - up) / 1000;
      }),
    );
    const [p50, p99] = [quantile(waits, 0.5), quantile(waits, 0.99)];
    return judged(group, `${desks} desks are back after a restart, the last of 99 %`, p99, 'most', 10, {
      measured: `p50 ${p50.toFixed(1)} s, p99 ${p99.toFixed(1)} s`,
      unit: 's',
    });
  } finally {
    for (const desk of open) await desk.close();
    await server.stop();
    await clinic.stop();
  }
}
