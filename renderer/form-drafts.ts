import type { UseFormReturnType } from '@mantine/form';
import { useEffect, useRef } from 'react';
import { useDraft, useDrafts } from './drafts.ts';

type Row = Readonly<{ id: string; version: number }>;

/** A record that was changed meanwhile is another one: what was typed over the old is not put over the new. */
const nameOf = (kind: string, row: Row | null) => `${kind}.${row ? `${row.id}.${row.version}` : 'new'}`;

/**
 * Keeps what was typed in a dialog through a reload; what is `secret` is not kept at all. The answer closes the dialog, which was saved
 * or given up.
 */
export function useFormDraft<V extends object>(
  kind: string,
  row: Row | null,
  form: UseFormReturnType<V>,
  close: () => void,
  secret?: keyof V,
): () => void {
  const kept = Object.fromEntries(Object.entries(form.values).filter(([field]) => field !== secret));
  const forget = useDraft(nameOf(kind, row), form.isDirty() ? kept : null, (draft) =>
    form.setValues((values) => ({ ...values, ...draft })),
  );
  return () => {
    forget();
    close();
  };
}

/** Opens the dialog again in which something was typed when the page went away; null is the one for a new record. */
export function useReopened<R extends Row>(
  kind: string,
  rows: readonly R[] | undefined,
  open: (row: R | null) => void,
): void {
  const drafts = useDrafts();
  const looked = useRef(false);
  const latest = useRef(open);
  latest.current = open;
  useEffect(() => {
    if (!drafts || !rows || looked.current) return;
    looked.current = true;
    for (const row of [null, ...rows])
      void drafts.open(nameOf(kind, row)).then((draft) => draft !== null && latest.current(row));
  }, [drafts, rows, kind]);
}
