/** Every role an account may hold. A display is a screen, not a person: it may read its own board and nothing else. */
export const ROLES = ['admin', 'receptionist', 'doctor', 'nurse', 'pharmacist', 'display'] as const;
export type Role = (typeof ROLES)[number];

/** People who may see patients' records: everyone but a display. */
export const STAFF = ['admin', 'receptionist', 'doctor', 'nurse', 'pharmacist'] as const satisfies readonly Role[];

/** People who call patients into a room. */
export const CALLERS = ['doctor', 'nurse', 'pharmacist'] as const satisfies readonly Role[];

/** People who may give a token to a patient. */
export const ISSUERS = ['receptionist', 'nurse', 'doctor'] as const satisfies readonly Role[];

/** What makes a name to sign in with the same name: its case does not matter. */
export const keyOfName = (name: string): string => name.trim().toLowerCase();

/** A telephone, however it is written and with or without its country: the last ten digits. */
export const keyOfPhone = (phone: string): string => phone.replace(/\D/g, '').replace(/^0+/, '').slice(-10);

/** What somebody may have meant by what they typed at the door: a name, code or address; of ten digits or more, a telephone. */
export function keysOf(identifier: string): string[] {
  const looksLikePhone = /^[\d\s()+./-]+$/.test(identifier.trim()) && keyOfPhone(identifier).length === 10;
  return [keyOfName(identifier), ...(looksLikePhone ? [keyOfPhone(identifier)] : [])];
}

type Named = Readonly<{ username: string; code: string; email: string | null; phone: string | null }>;
export type NameKind = keyof Named;

/** All that an account is signed in to by. */
export const namesOf = ({ username, code, email, phone }: Named): { key: string; kind: NameKind }[] => [
  { key: keyOfName(username), kind: 'username' },
  { key: keyOfName(code), kind: 'code' },
  ...(email ? [{ key: keyOfName(email), kind: 'email' as const }] : []),
  ...(phone ? [{ key: keyOfPhone(phone), kind: 'phone' as const }] : []),
];
