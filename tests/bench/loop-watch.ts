import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Loaded into the server by `--import`: tells on demand how long its event loop was held since it was asked last. */
const delays = monitorEventLoopDelay({ resolution: 1 });
delays.enable();
process.on('SIGUSR2', () => {
  writeFileSync(
    process.env['MEDLANE_LOOP_REPORT'] as string,
    JSON.stringify({ max: delays.max / 1e6, p99: delays.percentile(99) / 1e6 }),
  );
  delays.reset();
});
