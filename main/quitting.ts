import type { App } from 'electron';
import { nameDesks } from './desks.ts';
import type { Host } from './host.ts';
import type { Kiosk } from './kiosk.ts';
import type { Ask } from './questions.ts';
import type { Texts } from './texts.ts';
import type { Windows } from './windows.ts';

export type Quitting = Readonly<{
  /** Whether it was decided that the program ends. */
  decided: () => boolean;
  /** Ends without a question: the computer itself is being shut down. */
  decide: () => void;
}>;

type Guard = Readonly<{ app: Pick<App, 'on' | 'quit'>; may: () => Promise<boolean> }>;

/** Quitting waits for an answer, whichever way it was asked for: a key, the menu, the tray, the last window. */
export function guardQuit({ app, may }: Guard): Quitting {
  let decided = false;
  let asking = false;
  app.on('before-quit', (event) => {
    if (decided) return;
    event.preventDefault();
    if (asking) return;
    asking = true;
    void may()
      // A question that cannot be asked must not hold anybody.
      .catch(() => true)
      .then((yes) => {
        asking = false;
        decided = yes;
        if (yes) app.quit();
      });
  });
  return {
    decided: () => decided,
    decide: () => {
      decided = true;
    },
  };
}

type MayQuit = Readonly<{
  ask: Ask;
  t: Texts['t'];
  host: Pick<Host, 'isOurs' | 'others'>;
  kiosk: Pick<Kiosk, 'isOn' | 'leave'>;
  windows: Pick<Windows, 'main'>;
}>;

/** Asks where somebody would miss it: the board on the wall, the server that other desks work with. */
export async function mayQuit({ ask, t, host, kiosk, windows }: MayQuit): Promise<boolean> {
  if (kiosk.isOn()) {
    const answer = await ask({ key: 'leaveBoard', buttons: ['quit', 'leave', 'stay'], window: windows.main() });
    if (answer === 'leave') kiosk.leave();
    if (answer !== 'quit') return false;
  }
  if (!host.isOurs()) return true;
  const desks = await host.others();
  if (desks?.length === 0) return true;
  const names = nameDesks(desks ?? [], (count) => t('desktop.quit.more', { count }), t('common.listComma'));
  const facts = { count: desks?.length ?? 0, names };
  return (await ask({ key: desks ? 'quit' : 'quitUnknown', facts, buttons: ['quit', 'cancel'] })) === 'quit';
}
