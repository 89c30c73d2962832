/** The few facts about the running app that several modules share; here so that none imports another for them. */

interface Closable {
  /** True when it has closed, false when the app or the page refused. */
  tryClose(): Promise<boolean>;
}

export const lifecycle = {
  ready: false,
  quitting: false,
  /** Ends Chromium and the process; set by the host. */
  shutDown: async (code: number): Promise<void> => process.exit(code),
  windows: new Set<Closable>(),
};

/** Guards what Electron allows only before, or only after, `ready`. */
export function requireReady(what: string): void {
  if (!lifecycle.ready) throw new Error(`Cannot ${what} before app is ready`);
}

export function requireNotReady(what: string): void {
  if (lifecycle.ready) throw new Error(`${what} should be called before app is ready`);
}
