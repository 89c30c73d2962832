/** Codes that are read from paper or a screen and typed: 50 bits, in the letters of Crockford's base 32. */
const LETTERS = 10;
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export function newPaperCode(random: (bytes: number) => Buffer): string {
  const letters = [...random(LETTERS)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
  return `${letters.slice(0, LETTERS / 2)}-${letters.slice(LETTERS / 2)}`;
}

/** The same code however it was typed: small letters, spaces, and letters that look like others. */
export const asWritten = (code: string): string =>
  code.toUpperCase().replace(/[\s-]/g, '').replace(/[IL]/g, '1').replace(/O/g, '0');
