/**
 * A registration number is a pattern filled from a counter: `N` a digit of the counter, `MM` `YY` month and year of
 * registration, `CC` the patient's category; anything else stands for itself. `NN-NN-NNN` is the default,
 * `MMYY-CC-NNNN` restarts its serial in every month and category.
 */
export const DEFAULT_PATTERN = 'NN-NN-NNN';

export type RegistrationFacts = Readonly<{ date: string; category: string }>;

const fill = (pattern: string, facts: RegistrationFacts) =>
  pattern
    .replace('MM', facts.date.slice(5, 7))
    .replace('YY', facts.date.slice(2, 4))
    .replace('CC', facts.category.padStart(2, '0'));

/** A pattern is usable when it has at least three counter digits and nothing that a slip or a search box cannot hold. */
export function isRegistrationPattern(pattern: string): boolean {
  return /^[A-Z0-9./-]{3,20}$/.test(pattern) && digits(pattern) >= 3;
}

const digits = (pattern: string) => pattern.split('N').length - 1;

/** The counter that a pattern draws from: numbers that share a series never repeat. */
export function registrationSeries(pattern: string, facts: RegistrationFacts): string {
  return `registration:${fill(pattern, facts)}`;
}

/** The number for a counter value, or null when the series has run out of digits (the pattern needs a longer one). */
export function registrationNumber(pattern: string, serial: number, facts: RegistrationFacts): string | null {
  const padded = String(serial).padStart(digits(pattern), '0');
  if (padded.length > digits(pattern)) return null;
  let next = 0;
  return fill(pattern, facts).replace(/N/g, () => padded[next++] ?? '');
}
