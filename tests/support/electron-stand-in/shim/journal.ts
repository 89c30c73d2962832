/** What the app asked of the desktop that the stand-in cannot show (printing, dialogs, links opened elsewhere). */

export interface JournalEntry {
  readonly at: number;
  readonly what: string;
  readonly details: readonly unknown[];
}

const entries: JournalEntry[] = [];

// For a person debugging a test, through app.evaluate; specs must not read it, since real Electron has none.
Object.defineProperty(globalThis, Symbol.for('electron-stand-in.journal'), { value: entries });

export function note(what: string, ...details: unknown[]): void {
  entries.push({ at: Date.now(), what, details });
  if (process.env.ELECTRON_ENABLE_LOGGING !== undefined) console.error('[electron stand-in]', what, ...details);
}
