import { birthDateForAge, type Category, type Sex } from './patient.ts';

/** What a desk says of a new patient. */
export type RegisterCommand = Readonly<{
  name?: string | undefined;
  unidentified: boolean;
  birthDate: string | null;
  birthDateEstimated: boolean;
  ageYears?: number | undefined;
  sex: Sex;
  phone: string | null;
  address: string | null;
  category: Category;
  nextOfKinName: string | null;
  nextOfKinPhone: string | null;
  notes: string | null;
  allergies: readonly Readonly<{ substance: string; reaction: string | null }>[];
}>;

export type RegisterRefusal = 'numbers_exhausted' | 'name_missing';

/**
 * A new patient's record under this number: the counter's next value on the server, a provisional one on a desk. Somebody unidentified is called by their number until
 * they are merged with their record. A known age becomes an estimated birth date.
 */
export function decideRegister(
  slice: Readonly<{ number: string | null }>,
  command: RegisterCommand,
  facts: Readonly<{ day: string; id: string }>,
) {
  const { number } = slice;
  if (number === null) return { refused: 'numbers_exhausted' as const };
  const name = command.name ?? (command.unidentified ? `Unidentified ${number}` : undefined);
  if (name === undefined) return { refused: 'name_missing' as const };
  const byAge = command.birthDate === null && command.ageYears !== undefined;
  return {
    id: facts.id,
    registrationNumber: number,
    name,
    birthDate: byAge ? birthDateForAge(command.ageYears as number, facts.day) : command.birthDate,
    birthDateEstimated: byAge || command.birthDateEstimated,
    sex: command.sex,
    phone: command.phone || null,
    address: command.address || null,
    category: command.category,
    nextOfKinName: command.nextOfKinName || null,
    nextOfKinPhone: command.nextOfKinPhone || null,
    notes: command.notes || null,
    allergies: [...command.allergies],
    identified: !command.unidentified,
  };
}
