import type { PowerMonitor } from 'electron';
import type { DesktopPayload } from '../contract/desktop.ts';

type Options = Readonly<{
  monitor: Pick<PowerMonitor, 'getSystemIdleTime'> & Pick<NodeJS.EventEmitter, 'on'>;
  lock: (reason: DesktopPayload<'lock'>['reason']) => void;
  after: (ms: number, run: () => void) => () => void;
}>;

/** Five minutes, in seconds: as the system counts the time since the last key or movement. */
const IDLE = 300;
const LOOK = 15_000;

/** Tells when nobody is at the computer any more: once for each time that they left. Gives back how to stop. */
export function watchIdle({ monitor, lock, after }: Options): () => void {
  let away = false;
  let cancel = after(LOOK, look);
  function look() {
    const idle = monitor.getSystemIdleTime() >= IDLE;
    if (idle && !away) lock('idle');
    away = idle;
    cancel = after(LOOK, look);
  }
  monitor.on('lock-screen', () => lock('screen'));
  monitor.on('suspend', () => lock('sleep'));
  return () => cancel();
}
