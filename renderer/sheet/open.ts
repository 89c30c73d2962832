import { useInfiniteQuery } from '@tanstack/react-query';
import { STAFF } from '../../domain/people.ts';
import { useFormat } from '../format.ts';
import { useNeedsServer } from '../own-desk.ts';
import { hasRole } from '../places.ts';
import { sheetPages } from '../queries.ts';
import { useApi, useUser } from '../services.ts';
import { pagesOf } from '../ui/DataTable.tsx';

/** How many things wait on the sheet, and how that is written; null when none does, or nobody knows. */
export function useSheetOpen(): Readonly<{ count: number; shown: string }> | null {
  const format = useFormat();
  const staff = hasRole(useUser(), STAFF);
  const away = useNeedsServer();
  const { rows = [], more } = pagesOf(useInfiniteQuery({ ...sheetPages(useApi(), 'open'), enabled: staff && !away }));
  if (rows.length === 0) return null;
  return { count: rows.length, shown: `${format.number(rows.length)}${more ? '+' : ''}` };
}
