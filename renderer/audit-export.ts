import type { MedlaneApi } from '../contract/index.ts';
import { ApiError, type Given } from '../contract/kit.ts';
import type { Medlane } from './api.ts';
import { createStore, type Store } from './store.ts';
import { saveDownload } from './ui/download.ts';

export type Progress = Readonly<{ done: number; total: number | null }>;

/** The one export that is under way: it goes on while its screen is left, and is stopped when the person signs out. */
export type AuditExport = Readonly<{
  now: Store<Progress | null>;
  /** What came of it: `left` when the person chose no place for the file. */
  start: (input: Given<MedlaneApi['audit']['export']>) => Promise<'saved' | 'stopped' | 'left'>;
  stop: () => void;
}>;

export function createAuditExport(api: Medlane): AuditExport {
  const now = createStore<Progress | null>(null);
  let running = new AbortController();
  return {
    now,
    stop: () => running.abort(),
    async start(input) {
      running = new AbortController();
      const { signal } = running;
      now.set({ done: 0, total: null });
      try {
        const progress = (done: number, total: number) => now.set({ done, total });
        const saved = await saveDownload(await api.audit.export(input, { signal, progress }));
        if (saved) return 'saved';
        return signal.aborted ? 'stopped' : 'left';
      } catch (cause) {
        if (signal.aborted) return 'stopped';
        // The stream broke off: what had come was not kept.
        throw cause instanceof ApiError ? cause : new ApiError('unavailable', { cause });
      } finally {
        now.set(null);
      }
    },
  };
}
