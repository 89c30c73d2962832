import type { PowerMonitor } from 'electron';
import type { DesktopPayload } from '../contract/desktop.ts';

type Options = Readonly<{
  monitor: Pick<PowerMonitor, 'getSystemIdleTime'> & Pick<NodeJS.EventEmitter, 'on'>;
  lock: (reason: DesktopPayload<'lock'>['reason']) => void;
  after: (ms: number, run: () => void) => () => void;
}>;

const LOOK = 15_000;

/** Tells when nobody is at the computer any more: once for each time that they left. */
export function watchIdle({ monitor, lock, after }: Options) {
  // As the system counts the time since the last key or movement, in seconds; until a page says what the clinic wants.
  let idle = Number.POSITIVE_INFINITY;
  let away = false;
  let cancel = after(LOOK, look);
  function look() {
    const left = monitor.getSystemIdleTime() >= idle;
    if (left && !away) lock('idle');
    away = left;
    cancel = after(LOOK, look);
  }
  monitor.on('lock-screen', () => lock('screen'));
  monitor.on('suspend', () => lock('sleep'));
  return {
    /** 0 is never. */
    afterMinutes(minutes: number) {
      idle = minutes === 0 ? Number.POSITIVE_INFINITY : minutes * 60;
    },
    stop: () => cancel(),
  };
}
