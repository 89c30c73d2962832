import type { PowerSaveBlocker } from 'electron';

const KINDS = { computer: 'prevent-app-suspension', display: 'prevent-display-sleep' } as const;

export type Awake = Readonly<{ keep: (what: keyof typeof KINDS, on: boolean) => void }>;

/** Keeps the computer from sleeping while other desks need it, and the display from going dark while it is a board. */
export function createAwake(blocker: Pick<PowerSaveBlocker, 'start' | 'stop'>): Awake {
  const held = new Map<keyof typeof KINDS, number>();
  return {
    keep(what, on) {
      const id = held.get(what);
      if (on === (id !== undefined)) return;
      if (on) held.set(what, blocker.start(KINDS[what]));
      else if (id !== undefined) {
        blocker.stop(id);
        held.delete(what);
      }
    },
  };
}
