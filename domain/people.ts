/**
 * Every role an account may hold. A super administrator is an administrator of whichever branch they are in; a display and
 * a kiosk are screens, not people: they may read their own board and nothing else; a patient sees their own visit.
 */
export const ROLES = [
  'super_admin',
  'admin',
  'receptionist',
  'doctor',
  'nurse',
  'pharmacist',
  'display',
  'kiosk',
  'patient',
] as const;
export type Role = (typeof ROLES)[number];

/** People who work here, and may see patients' records. */
export const STAFF = ['admin', 'receptionist', 'doctor', 'nurse', 'pharmacist'] as const satisfies readonly Role[];

/** Screens on a wall or a stand, and nobody at them. */
export const SCREENS = ['display', 'kiosk'] as const satisfies readonly Role[];

export const isStaff = (roles: readonly Role[]): boolean => STAFF.some((role) => roles.includes(role));
export const isScreen = (roles: readonly Role[]): boolean =>
  roles.length > 0 && roles.every((role) => (SCREENS as readonly Role[]).includes(role));

/** Roles as they are kept: a super administrator is an administrator as well. */
export const withImplied = (roles: readonly Role[]): Role[] =>
  roles.includes('super_admin') && !roles.includes('admin') ? [...roles, 'admin'] : [...roles];

/** From the highest down: whoever gives orders, whoever works here, whoever is only served. */
const RANKS: readonly (readonly Role[])[] = [
  ['super_admin'],
  ['admin'],
  ['receptionist', 'doctor', 'nurse', 'pharmacist'],
  ['display', 'kiosk', 'patient'],
];
function rankOf(roles: readonly Role[]): number {
  const rank = RANKS.findIndex((some) => some.some((role) => roles.includes(role)));
  return rank < 0 ? RANKS.length : rank;
}

/** Whether holders of these roles manage accounts with those: only strictly lower ones; the highest manage everybody. */
export const manages = (own: readonly Role[], theirs: readonly Role[]): boolean =>
  rankOf(own) === 0 || rankOf(own) < rankOf(theirs);

/** People who call patients into a room. */
export const CALLERS = ['doctor', 'nurse', 'pharmacist'] as const satisfies readonly Role[];

/** People who may give a token to a patient. */
export const ISSUERS = ['receptionist', 'nurse', 'doctor'] as const satisfies readonly Role[];

/** How somebody likes their screens; what they did not choose is the computer's. */
export type Preferences = Readonly<{
  language: string | null;
  colours: 'light' | 'dark' | 'auto' | null;
  /** Keys without Ctrl (WCAG 2.1.4). */
  singleKeys: boolean | null;
}>;

/** What becomes of somebody's wish for an account. */
export const REQUEST_STATES = ['pending', 'approved', 'declined'] as const;
export type RequestState = (typeof REQUEST_STATES)[number];

/** What somebody may ask to be: whoever is above them says so. */
export const ASKABLE = STAFF.filter((role) => role !== 'admin');

/** By what somebody comes: a browser, a program that speaks the API, a paired desk. */
export const PLATFORMS = ['browser', 'program', 'desktop'] as const;
export type Platform = (typeof PLATFORMS)[number];

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
