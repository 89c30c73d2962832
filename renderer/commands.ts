import { useCallback, useRef, useState } from 'react';
import { v7 as uuidv7 } from 'uuid';
import type { CallOptions } from '../contract/client.ts';
import { isAway } from './api.ts';
import { after, pause } from './clock.ts';
import { useServices } from './services.ts';
import { showError } from './ui/errors.tsx';

/** Waits between attempts, in ms: about half a minute in all, then the person is told that it is not saved. */
const ATTEMPTS = [400, 800, 1600, 3200, 5000, 8000, 10_000];
/** Only what takes longer, in ms, is shown to be under way: a spinner for a blink says nothing, and draws the screen twice. */
const SLOW = 120;

type Send<I, O> = (input: I, options: CallOptions) => Promise<O>;
type Settings<O> = {
  /** `form`: whatever is sent from here is one intent until it is answered. `input`: another input is another intent. */
  per?: 'form' | 'input';
  onDone?: (value: O) => void;
  /** Answers true when it has shown the error itself. */
  onError?: (error: unknown) => boolean | undefined;
};

export type Command<I, O> = Readonly<{
  run: (input: I) => Promise<O | undefined>;
  /** It is under way, and not just for a blink. */
  busy: boolean;
}>;

/**
 * Sends a command so that it happens once: one id for each intent of the person, the same id again while the server cannot
 * be reached, and a second press while the first is on its way joins it.
 */
export function useCommand<I, O>(send: Send<I, O>, settings: Settings<O> = {}): Command<I, O> {
  const { sending } = useServices();
  const intents = useRef(new Map<string, { id: string; answer: Promise<O | undefined> | null }>());
  const latest = useRef({ send, settings });
  latest.current = { send, settings };
  const [busy, setBusy] = useState(false);
  const running = useRef(0);

  const run = useCallback(
    (input: I): Promise<O | undefined> => {
      const key = latest.current.settings.per === 'form' ? 'form' : JSON.stringify(input);
      const intent = intents.current.get(key) ?? { id: uuidv7(), answer: null };
      if (intent.answer) return intent.answer;
      intents.current.set(key, intent);
      running.current += 1;
      const answered = after(SLOW, () => setBusy(true));
      intent.answer = sendUntilAnswered(() => latest.current.send(input, { commandId: intent.id }), sending.waiting)
        .then(
          (value) => {
            intents.current.delete(key);
            latest.current.settings.onDone?.(value);
            return value;
          },
          (error: unknown) => {
            // Only an answer ends an intent: what the server may have done unheard keeps its id for the next press.
            if (!isAway(error)) intents.current.delete(key);
            if (!latest.current.settings.onError?.(error)) showError(error);
            return undefined;
          },
        )
        .finally(() => {
          intent.answer = null;
          answered();
          running.current -= 1;
          if (running.current === 0) setBusy(false);
        });
      return intent.answer;
    },
    [sending],
  );

  return { run, busy };
}

async function sendUntilAnswered<O>(attempt: () => Promise<O>, waiting: (delta: 1 | -1) => void): Promise<O> {
  let told = false;
  try {
    for (const delay of ATTEMPTS) {
      try {
        return await attempt();
      } catch (error) {
        if (!isAway(error)) throw error;
        if (!told) waiting(1);
        told = true;
        await pause(delay);
      }
    }
    return await attempt();
  } finally {
    if (told) waiting(-1);
  }
}
