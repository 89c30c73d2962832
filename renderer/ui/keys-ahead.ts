import { after } from '../clock.ts';

/**
 * Keys that are pressed faster than the screen they are meant for comes. They are held from the key that asks for that
 * screen until it says that it is ready, and pressed again then, in their order: none falls between two screens.
 */
let held: string[] | null = null;
/** Those that are being pressed now. */
let pressing: string[] | null = null;

/** Milliseconds after which a screen that did not come gets no keys any more, and the keyboard is free again. */
const PATIENCE = 5000;
let giveUp = () => {};

const isPlain = ({ key, ctrlKey, altKey, metaKey }: KeyboardEvent) =>
  (key.length === 1 || key === 'Enter') && !ctrlKey && !altKey && !metaKey;

function hold(event: KeyboardEvent): void {
  // What is not trusted is what is pressed again, below.
  if (!held || !event.isTrusted || !isPlain(event)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!event.repeat) held.push(event.key);
}

/** From now on keys are meant for what comes next, and so are these, which were pressed before. */
export function holdKeys(before: readonly string[] = []): void {
  if (held) return;
  held = [...before];
  window.addEventListener('keydown', hold, true);
  giveUp = after(PATIENCE, takeHeldKeys);
}

/** What comes next has no use for them as keys: ends the holding, and says what was pressed. */
export function takeHeldKeys(): readonly string[] {
  const keys = held ?? [];
  held = null;
  giveUp();
  window.removeEventListener('keydown', hold, true);
  return keys;
}

/** The screen is there: presses what was held, and what is still pressed meanwhile after it. */
export async function pressHeldKeys(): Promise<void> {
  const mine = held;
  if (!mine || pressing === mine) return;
  pressing = mine;
  // Not in the effect that calls this: what a key does there is drawn at leisure, after the next key perhaps.
  await Promise.resolve();
  while (held === mine && mine.length > 0) {
    const key = mine.shift() as string;
    window.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    // The screen shows what this key did before the next one comes.
    await new Promise(requestAnimationFrame);
  }
  if (held === mine) takeHeldKeys();
}
