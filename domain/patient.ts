/** Patient categories of the clinic's billing; the registration number may carry the code. */
export const CATEGORIES = ['01', '02', '03', '04', '05'] as const;
export type Category = (typeof CATEGORIES)[number];
export const SEXES = ['female', 'male', 'other', 'unknown'] as const;
export type Sex = (typeof SEXES)[number];

/** Letters without diacritics and case, digits kept, everything else a space: what a search compares. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/ø/g, 'o')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** The folded words of a name, each once. */
export const words = (text: string): string[] => [...new Set(fold(text).split(' ').filter(Boolean))];

/** The digits of a phone number, without the leading zeros and country marks that people leave out. */
export const phoneDigits = (phone: string): string => phone.replace(/\D/g, '').replace(/^0+/, '');

/** The keys by which a misspelt word is found: the word itself, and the word with any one letter left out. */
export function spellingKeys(word: string): string[] {
  const letters = [...word];
  if (letters.length < 4) return [word];
  return [...new Set([word, ...letters.map((_, index) => letters.filter((__, other) => other !== index).join(''))])];
}

/** Age in whole years on a date (`YYYY-MM-DD`). */
export function ageOn(birthDate: string, date: string): number {
  const years = Number(date.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return date.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

/** The birth date that stands for an age in years when nobody knows better: 1 July of that year, marked as estimated. */
export const birthDateForAge = (age: number, date: string): string => `${Number(date.slice(0, 4)) - age}-07-01`;

export type Identity = Readonly<{
  name: string;
  birthDate: string | null;
  birthDateEstimated: boolean;
  sex: Sex;
  phone: string | null;
}>;

/**
 * How likely two records are one person, 0–100: name words 55, birth date 30, phone 15, less 20 when the sexes differ.
 * A guess to show before a duplicate is made; a person decides.
 */
export function likeness(a: Identity, b: Identity, closeness: (a: string, b: string) => number): number {
  const name = nameCloseness(words(a.name), words(b.name), closeness);
  const birth = birthCloseness(a, b);
  const phone = samePhone(a.phone, b.phone) ? 1 : 0;
  const sexes = a.sex !== b.sex && a.sex !== 'unknown' && b.sex !== 'unknown' ? 20 : 0;
  return Math.max(0, Math.round(55 * name + 30 * birth + 15 * phone - sexes));
}

function samePhone(a: string | null, b: string | null): boolean {
  const [mine, theirs] = [phoneDigits(a ?? '').slice(-9), phoneDigits(b ?? '').slice(-9)];
  return mine.length >= 5 && mine === theirs;
}

function nameCloseness(
  a: readonly string[],
  b: readonly string[],
  closeness: (a: string, b: string) => number,
): number {
  if (a.length === 0 || b.length === 0) return 0;
  // From both sides, and the less sure of the two: the answer is the same whoever is asked first.
  const shared = Math.min(bestShare(a, b, closeness), bestShare(b, a, closeness));
  const fewer = Math.max(bestShare(a, b, closeness), bestShare(b, a, closeness));
  const covered = Math.min(a.length, b.length) / Math.max(a.length, b.length);
  return a.length === b.length ? shared : fewer * (0.8 + 0.2 * covered);
}

/** How well each word of one name is found in the other, on average. */
function bestShare(
  of: readonly string[],
  among: readonly string[],
  closeness: (a: string, b: string) => number,
): number {
  const best = of.map((word) => Math.max(...among.map((other) => closeness(word, other))));
  return best.reduce((sum, value) => sum + value, 0) / of.length;
}

function birthCloseness(a: Identity, b: Identity): number {
  if (!a.birthDate || !b.birthDate) return 0.3;
  if (a.birthDate === b.birthDate) return 1;
  const years = Math.abs(Number(a.birthDate.slice(0, 4)) - Number(b.birthDate.slice(0, 4)));
  if (a.birthDateEstimated || b.birthDateEstimated) return years <= 2 ? 0.7 : 0;
  const swapped = `${b.birthDate.slice(0, 4)}-${b.birthDate.slice(8)}-${b.birthDate.slice(5, 7)}`;
  return a.birthDate === swapped || (years === 0 && a.birthDate.slice(5) !== b.birthDate.slice(5)) ? 0.6 : 0;
}
