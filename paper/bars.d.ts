import type { Office } from './office.ts';
export type Bars = Readonly<{
  series: readonly Readonly<{
    name: string;
    color: string;
  }>[];
  /** One group of bars each; a value that is not known has no bar. */
  groups: readonly Readonly<{
    label: string;
    values: readonly (number | null)[];
  }>[];
  height: number;
  /** How a value of the axis is written. */
  write: (value: number) => string;
  /** The steps that the axis may have; the smallest that gives at most five lines is taken. */
  steps: readonly number[];
  /** The same in words. */
  alt: string;
}>;
/** Bars side by side over a scale that begins at nothing; in the order in which the language reads. */
export declare function drawBars(office: Office, { series, groups, height, write, steps, alt }: Bars): void;
