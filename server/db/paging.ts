import { and, asc, type Column, desc, eq, gt, lt, or, type SQL } from 'drizzle-orm';
import { ApiError } from '../../contract/kit.ts';

/**
 * Keyset pages: rows in the order of some columns (the last one unique), after the key that the cursor holds. Unlike an
 * offset, a page does not shift when rows are added before it.
 */
export function keyset(columns: readonly Column[], cursor: string | undefined, direction: 'asc' | 'desc' = 'asc') {
  const after = direction === 'asc' ? gt : lt;
  const key = cursor === undefined ? null : openCursor(cursor, columns.length);
  // (a > x) or (a = x and b > y) or …: row values, in words that both dialects know.
  const where: SQL | undefined = key
    ? or(
        ...columns.map((column, i) =>
          and(...columns.slice(0, i).map((equal, j) => eq(equal, key[j])), after(column, key[i])),
        ),
      )
    : undefined;
  return { where, orderBy: columns.map((column) => (direction === 'asc' ? asc(column) : desc(column))) };
}

/** Cuts one row too many off, and says with which cursor to go on. */
export function pageOf<Row>(rows: readonly Row[], limit: number, keyOf: (row: Row) => readonly (string | number)[]) {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const nextCursor =
    rows.length > limit && last !== undefined ? Buffer.from(JSON.stringify(keyOf(last))).toString('base64url') : null;
  return { items, nextCursor };
}

function openCursor(cursor: string, length: number): (string | number)[] {
  try {
    const key = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown;
    const fits =
      Array.isArray(key) &&
      key.length === length &&
      key.every((part) => typeof part === 'string' || typeof part === 'number');
    if (fits) return key as (string | number)[];
  } catch {
    // Said below.
  }
  throw new ApiError('validation_failed', {
    fields: [
      {
        field: 'cursor',
        code: 'unknown_cursor',
        message: 'Give back the cursor exactly as it came, with the same sort.',
      },
    ],
  });
}

/** `-name` is by name, descending. */
export const directionOf = (sort: string | undefined): 'asc' | 'desc' => (sort?.startsWith('-') ? 'desc' : 'asc');
export const columnOf = (sort: string | undefined): string | undefined => sort?.replace(/^-/, '');
