import type { Office } from './office.ts';
export type Column = Readonly<{
  header: string;
  /** Its part of the width, beside the others'. */
  share: number;
  /** Numbers stand at the end, so that they can be compared. */
  end?: boolean;
  /** Somebody typed it: it has the direction of its own first letter. */
  typed?: boolean;
}>;
/** A table under its heading: together on one page while it is short, else with its head again on every page. */
export declare function drawTable(
  office: Office,
  heading: string,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): void;
