import type { Validator } from 'stdnum';
import * as aadhaar from 'stdnum/lib/cjs/in/aadhaar.js';
import * as epic from 'stdnum/lib/cjs/in/epic.js';
import * as pan from 'stdnum/lib/cjs/in/pan.js';
import * as cnic from 'stdnum/lib/cjs/pk/cnic.js';
import type { FieldError } from '../../contract/kit.ts';
import { type DocumentKind, fieldsOf, type NumberField, type NumberFormat } from '../../domain/identity-documents.ts';

const PROBLEMS = {
  length: 'This has too few or too many digits or letters.',
  format: 'This is not how such a number is written.',
  checksum: 'A digit is wrong or two are swapped: read it again.',
  mismatch: 'This is not the same as above.',
} as const;
type Problem = keyof typeof PROBLEMS;
type Checked = Readonly<{ value: string } | { problem: Problem }>;
type Check = (typed: string) => Checked;

const by =
  ({ validate }: Pick<Validator, 'validate'>): Check =>
  (typed) => {
    const found = validate(typed);
    if (found.isValid) return { value: found.compact };
    if (found.error?.name === 'InvalidLength') return { problem: 'length' };
    return { problem: found.error?.name === 'InvalidChecksum' ? 'checksum' : 'format' };
  };
const like =
  (pattern: RegExp): Check =>
  (typed) => {
    const value = typed.replace(/[\s-]/g, '');
    return pattern.test(value) ? { value } : { problem: 'format' };
  };

/** ISO 13616, as Pakistan’s banks write it. */
function iban(typed: string): Checked {
  const value = typed.replace(/[\s-]/g, '');
  if (!/^PK\d{2}[A-Z]{4}\d{16}$/.test(value)) return { problem: 'format' };
  const digits = `${value.slice(4)}${value.slice(0, 4)}`.replace(/[A-Z]/g, (letter) =>
    String(Number.parseInt(letter, 36)),
  );
  return BigInt(digits) % 97n === 1n ? { value } : { problem: 'checksum' };
}

/** By the library where it knows the kind; PhilSys, IFSC and their like have no published check digit. */
const CHECKS: Record<NumberFormat, Check> = {
  aadhaar: by(aadhaar),
  pan: by(pan),
  epic: by(epic),
  cnic: by(cnic),
  iban,
  ifsc: like(/^[A-Z]{4}0[A-Z0-9]{6}$/),
  account: like(/^\d{9,18}$/),
  // The library’s lacks the check digit that many cards show.
  ntn: like(/^\d{7,8}$/),
  philsys: like(/^\d{16}$/),
  ph_tin: like(/^\d{9}(\d{3}|\d{5})?$/),
  philhealth: like(/^\d{12}$/),
  prc: like(/^\d{7}$/),
  passport: like(/^[A-Z0-9]{6,9}$/),
  any: like(/^[A-Z0-9][A-Z0-9/.]{2,39}$/),
};

/** However it was typed: Arabic, Urdu and Hindi digits are digits, and capitals do not matter. */
const plain = (typed: string): string =>
  typed
    .normalize('NFKC')
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x0660))
    .replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x06f0))
    .replace(/[०-९]/g, (digit) => String(digit.charCodeAt(0) - 0x0966))
    .trim()
    .toUpperCase();

export const checkNumber = (format: NumberFormat, typed: string): Checked => CHECKS[format](plain(typed));

type Typed = Readonly<Partial<Record<NumberField['name'], string>>>;
export type CheckedField = NumberField & Readonly<{ value: string }>;

/** The numbers of a document as they are kept, or what is wrong with which of them. */
export function readNumbers(kind: DocumentKind, typed: Typed, again: Typed): CheckedField[] | { wrong: FieldError[] } {
  const wrong: FieldError[] = [];
  const complain = (field: string, code: Problem) => void wrong.push({ field, code, message: PROBLEMS[code] });
  const good = fieldsOf(kind).flatMap((field): CheckedField[] => {
    const checked = checkNumber(field.format, typed[field.name] ?? '');
    if ('problem' in checked) complain(field.name, checked.problem);
    else if (field.twice && plain(again[field.name] ?? '').replace(/[\s-]/g, '') !== checked.value)
      complain('again', 'mismatch');
    return 'value' in checked ? [{ ...field, value: checked.value }] : [];
  });
  return wrong.length > 0 ? { wrong } : good;
}
