import { useDebouncedCallback } from '@mantine/hooks';
import { useRef, useState } from 'react';

/** After so many ms without a key what was typed is saved. */
const PAUSE = 1200;
/** Whoever types without a pause is saved after so many ms all the same. */
const MOST = 5000;

export type Autosave = Readonly<{
  /** `saved`, also before anything was typed; `typing` until it is sent; `failed` until the next attempt. */
  state: 'saved' | 'typing' | 'saving' | 'failed';
  change: (text: string) => void;
  /** Saves at once, and answers when that is done. */
  flush: () => Promise<void>;
}>;

/** Saves a text while it is typed: one save at a time, the newest text last. `save` answers whether it was taken. */
export function useAutosave(save: (text: string) => Promise<boolean>): Autosave {
  const [state, setState] = useState<Autosave['state']>('saved');
  const wanted = useRef<string | null>(null);
  const running = useRef<Promise<void> | null>(null);
  const latest = useRef(save);
  latest.current = save;

  async function drain(): Promise<void> {
    while (wanted.current !== null) {
      const text = wanted.current;
      wanted.current = null;
      setState('saving');
      const taken = await latest.current(text);
      if (!taken) {
        wanted.current ??= text;
        setState('failed');
        return;
      }
      setState(wanted.current === null ? 'saved' : 'typing');
    }
  }
  const flush = (): Promise<void> => {
    later.cancel();
    running.current ??= drain().finally(() => {
      running.current = null;
    });
    return running.current;
  };
  const later = useDebouncedCallback(() => void flush(), { delay: PAUSE, maxWait: MOST, flushOnUnmount: true });
  return {
    state,
    flush,
    change(text) {
      wanted.current = text;
      setState('typing');
      later();
    },
  };
}
