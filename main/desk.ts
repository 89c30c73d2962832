import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';

/** What this computer remembers about itself. Nothing about the clinic or a patient: it is not encrypted. */
const settings = z.object({
  language: z.string().max(20).nullable().catch(null),
  /** Chromium's zoom level of the pages: 0 is 100 %, each step a fifth more. */
  zoom: z.number().min(-3).max(5).catch(0),
  /** Where the window was. */
  window: z
    .object({
      x: z.int(),
      y: z.int(),
      width: z.int().positive(),
      height: z.int().positive(),
      display: z.number(),
      maximized: z.boolean(),
    })
    .nullable()
    .catch(null),
  /** Shows a board and nothing else; without a board's id, the signed-in screen's own. */
  kiosk: z
    .object({ boardId: z.string().max(64).nullable() })
    .nullable()
    .catch(null),
});
export type DeskSettings = Readonly<z.output<typeof settings>>;
export type Place = NonNullable<DeskSettings['window']>;

export type Desk = Readonly<{ get: () => DeskSettings; change: (part: Partial<DeskSettings>) => void }>;

/** Reads what there is; a file that is missing or broken, or a part of it, is as if new. */
export function openDesk(file: string): Desk {
  let now = settings.safeParse(read(file)).data ?? settings.parse({});
  return {
    get: () => now,
    change(part) {
      now = { ...now, ...part };
      try {
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(`${file}.new`, JSON.stringify(now), { mode: 0o600 });
        renameSync(`${file}.new`, file);
      } catch {
        // A full disk: the desk works on with what it knows, and forgets it when it ends.
      }
    },
  };
}

function read(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}
