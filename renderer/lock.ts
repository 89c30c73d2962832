import { after, ownClock } from './clock.ts';
import { createStore, type Store } from './store.ts';

/** A staff screen that hides itself while nobody is there. One lock for all tabs of this browser, also after a reload. */
export type Lock = Readonly<{
  on: Store<boolean>;
  lock: () => void;
  /** Somebody said who they are, or nobody is signed in any more. */
  open: () => void;
  /** Locks after so many minutes without a key or a pointer, as long as it is not called off; 0 is never. */
  watch: (minutes: number) => () => void;
}>;

const LOCKED = 'medlane.locked';
const TOUCHED = 'medlane.touched';
const MINUTES = 'medlane.idleLock';
/** How often it is looked (ms), and how exactly it is noted when somebody was there. */
const LOOK = 5000;
const TOUCHES = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const;

export function createLock(page: Window, storage: Storage): Lock {
  const number = (key: string) => Number(storage.getItem(key) ?? 0);
  const isIdle = (minutes: number) =>
    minutes > 0 && number(TOUCHED) > 0 && ownClock() - number(TOUCHED) >= minutes * 60_000;
  // A browser that was closed meanwhile shows nothing when it is opened again, not even before the settings are here.
  const on = createStore(storage.getItem(LOCKED) !== null || isIdle(number(MINUTES)));

  function set(locked: boolean) {
    if (locked) storage.setItem(LOCKED, '1');
    else storage.removeItem(LOCKED);
    on.set(locked);
  }
  const touched = () => {
    if (!on.get() && ownClock() - number(TOUCHED) >= LOOK) storage.setItem(TOUCHED, String(ownClock()));
  };

  // A board that this browser shows as well is not covered.
  const covered = () => on.get() && page.document.querySelector('body > .lock') !== null;
  // First of all who hear a key: what lies under the lock must not act on what is typed above it.
  for (const kind of ['keydown', 'keyup', 'keypress'] as const)
    page.addEventListener(kind, (event) => covered() && event.stopImmediatePropagation(), true);
  for (const kind of TOUCHES) page.addEventListener(kind, touched, { capture: true, passive: true });
  page.addEventListener('storage', ({ key, newValue }) => key === LOCKED && on.set(newValue !== null));

  return {
    on,
    lock: () => set(true),
    open() {
      set(false);
      storage.setItem(TOUCHED, String(ownClock()));
    },
    watch(minutes) {
      storage.setItem(MINUTES, String(minutes));
      touched();
      let off: () => void = () => undefined;
      const look = () => {
        if (!on.get() && isIdle(minutes)) set(true);
        off = after(LOOK, look);
      };
      look();
      return () => off();
    },
  };
}
