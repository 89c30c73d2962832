/** How many tokens one earlier day had given by each hour of its own clock: `byHour[9]` between 9:00 and 10:00. */
export type DayCount = Readonly<{ day: string; weekday: number; byHour: readonly number[]; byNow: number }>;

/** Fewer days than this say nothing about what is usual. */
export const ENOUGH_DAYS = 3;

export type Usual = Readonly<{
  /** Days compared with, and whether they were the same weekday. */
  days: number;
  sameWeekday: boolean;
  /** Tokens usually given by this time of the day. */
  byNow: number;
  byHour: readonly number[];
}>;

/**
 * What is usual at this time of the day: medians over earlier days of the same weekday, or over all of them while there
 * are too few of those. Null while there are too few at all.
 */
export function usualOf(days: readonly DayCount[], weekday: number): Usual | null {
  const same = days.filter((day) => day.weekday === weekday);
  const compared = same.length >= ENOUGH_DAYS ? same : days;
  if (compared.length < ENOUGH_DAYS) return null;
  return {
    days: compared.length,
    sameWeekday: compared === same,
    byNow: median(compared.map(({ byNow }) => byNow)),
    byHour: Array.from({ length: 24 }, (_, hour) => median(compared.map(({ byHour }) => byHour[hour] ?? 0))),
  };
}

/** The middle one; of an even number the lower of the two, so that it is a number of tokens that there was. */
function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)] ?? 0;
}
