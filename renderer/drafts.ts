import { useDebouncedCallback } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { me } from './queries.ts';
import { useApi } from './services.ts';

/** Drafts of this tab lie under these names. */
const PREFIX = 'medlane.draft.';

/** What was typed and is not saved yet, in this tab: sealed, because a browser writes its tabs to the disk. */
export type Drafts = Readonly<{
  keep: (name: string, value: unknown) => Promise<void>;
  open: (name: string) => Promise<unknown>;
  drop: (name: string) => void;
}>;

/** Sealed with AES-256-GCM by a key that the server gives this person on this device: nobody else opens them. */
export function createDrafts(secret: string, storage: Storage): Drafts {
  const key = crypto.subtle
    .digest('SHA-256', new TextEncoder().encode(secret))
    .then((bytes) => crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']));
  // What is kept and dropped in one breath must end dropped, however long the sealing takes.
  const turns = new Map<string, number>();
  const turnOf = (name: string) => {
    const turn = (turns.get(name) ?? 0) + 1;
    turns.set(name, turn);
    return turn;
  };
  return {
    async keep(name, value) {
      const turn = turnOf(name);
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const text = new TextEncoder().encode(JSON.stringify(value));
      const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await key, text);
      if (turns.get(name) !== turn) return;
      storage.setItem(PREFIX + name, btoa(String.fromCharCode(...iv, ...new Uint8Array(sealed))));
    },
    async open(name) {
      const held = storage.getItem(PREFIX + name);
      if (held === null) return null;
      try {
        const bytes = Uint8Array.from(atob(held), (letter) => letter.charCodeAt(0));
        const iv = bytes.subarray(0, 12);
        const text = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, await key, bytes.subarray(12));
        return JSON.parse(new TextDecoder().decode(text));
      } catch {
        // Another person's.
        storage.removeItem(PREFIX + name);
        return null;
      }
    },
    drop(name) {
      turnOf(name);
      storage.removeItem(PREFIX + name);
    },
  };
}

/** Nobody who signs in next can open them; they need not lie there either. */
export function dropDrafts(storage: Storage): void {
  for (const name of Object.keys(storage)) if (name.startsWith(PREFIX)) storage.removeItem(name);
}

/** The drafts of who is signed in; null until that is known. */
export function useDrafts(): Drafts | null {
  const secret = useQuery(me(useApi())).data?.draftSecret;
  return useMemo(() => (secret ? createDrafts(secret, sessionStorage) : null), [secret]);
}

/** After so many ms without a key a draft is kept. */
const PAUSE = 300;

/**
 * Keeps a form's values through a reload, a crash of the page and a server that is away. `restore` gets what was kept, once.
 * Null values mean that there is nothing to keep. The answer forgets the draft for good: the form was saved, or given up.
 */
export function useDraft<T>(name: string, value: T | null, restore: (draft: T) => void): () => void {
  const drafts = useDrafts();
  const [opened, setOpened] = useState(false);
  const over = useRef(false);
  const latest = useRef(restore);
  latest.current = restore;
  useEffect(() => {
    if (!drafts) return;
    let gone = false;
    void drafts.open(name).then((draft) => {
      if (gone) return;
      if (draft !== null) latest.current(draft as T);
      setOpened(true);
    });
    return () => {
      gone = true;
    };
  }, [drafts, name]);

  const text = value === null ? null : JSON.stringify(value);
  const keep = useDebouncedCallback((kept: string) => void drafts?.keep(name, JSON.parse(kept)), PAUSE);
  useEffect(() => {
    if (!drafts || !opened || over.current) return;
    if (text === null) {
      keep.cancel();
      drafts.drop(name);
    } else keep(text);
  }, [drafts, opened, text, name, keep]);
  return () => {
    over.current = true;
    keep.cancel();
    drafts?.drop(name);
  };
}
