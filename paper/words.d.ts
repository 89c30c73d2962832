import { type TFunction } from 'i18next';
import type { Face } from './fonts.ts';
import { type Direction } from './text.ts';
/** What a document says, and how its language writes dates, times and numbers. */
export type Words = Readonly<{
  language: string;
  direction: Direction;
  face: Face;
  t: TFunction;
  number: (value: number) => string;
  percent: (share: number) => string;
  /** A clinic day or a birth date: a date without a place in time. */
  day: (day: string) => string;
  longDay: (day: string) => string;
  time: (instant: number) => string;
  moment: (instant: number) => string;
  duration: (ms: number) => string;
  range: (
    range: Readonly<{
      low: number;
      high: number;
    }> | null,
  ) => string;
  list: (items: readonly string[]) => string;
}>;
/** Opens the texts beside the screens' own (`resources/translations/paper`); English fills any gap. */
export declare function createDictionary(resources: URL): (language: string, timeZone: string) => Words;
