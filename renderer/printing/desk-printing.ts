import * as z from 'zod';
import { createStore, type Store } from '../store.ts';

/** How this computer prints. It belongs to the desk and not to the person, so it stays here. */
const deskPrinting = z.object({
  /** Print the slip as soon as a token is given. */
  atOnce: z.boolean().catch(false),
  /** The desktop's printers, by name; the computer's usual one when null. */
  slipPrinter: z.string().nullable().catch(null),
  pagePrinter: z.string().nullable().catch(null),
});
export type DeskPrinting = z.output<typeof deskPrinting>;

const KEY = 'medlane.printing';

export function openDeskPrinting(storage: Storage): Store<DeskPrinting> {
  const store = createStore<DeskPrinting>(deskPrinting.parse(read(storage.getItem(KEY))));
  return {
    ...store,
    set(value) {
      storage.setItem(KEY, JSON.stringify(value));
      store.set(value);
    },
  };
}

function read(text: string | null): unknown {
  try {
    return { ...JSON.parse(text ?? '{}') };
  } catch {
    return {};
  }
}
