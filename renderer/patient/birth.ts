import { birthDateForAge } from '../../domain/patient.ts';

export type Birth = Readonly<{ birthDate: string | null; birthDateEstimated: boolean }>;

/**
 * Reads what a receptionist types for an age or a birth date, in one field: `34`, `1991`, `12.3.1991`, `12/03/91`,
 * `1991-03-12`. Day before month. Null when it cannot be either.
 */
export function readBirth(typed: string, today: string): Birth | null {
  const text = typed.trim();
  if (text === '') return { birthDate: null, birthDateEstimated: false };
  const parts = text
    .split(/[^\d]+/)
    .filter(Boolean)
    .map(Number);
  const [first, second, third] = parts;
  if (parts.length === 1 && first !== undefined) {
    if (/^\d{1,3}$/.test(text) && first <= 130)
      return { birthDate: birthDateForAge(first, today), birthDateEstimated: true };
    if (/^\d{4}$/.test(text)) return past({ birthDate: `${text}-07-01`, birthDateEstimated: true }, today);
    if (/^\d{8}$/.test(text)) return readBirth(`${text.slice(0, 2)}-${text.slice(2, 4)}-${text.slice(4)}`, today);
    return null;
  }
  if (parts.length !== 3 || first === undefined || second === undefined || third === undefined) return null;
  const [year, month, day] = first > 31 ? [first, second, third] : [fullYear(third, today), second, first];
  const date = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  const real = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(real.getTime()) || !real.toISOString().startsWith(date)) return null;
  return past({ birthDate: date, birthDateEstimated: false }, today);
}

/** `91` is the latest year that ends so and has come. */
function fullYear(year: number, today: string): number {
  if (year > 99) return year;
  const now = Number(today.slice(0, 4));
  const century = now - (now % 100);
  return century + year > now ? century - 100 + year : century + year;
}

const past = (birth: Birth, today: string): Birth | null =>
  birth.birthDate && birth.birthDate <= today && birth.birthDate >= `${Number(today.slice(0, 4)) - 130}` ? birth : null;
