/** What a paired desk is used for: it decides what the desk may keep of the clinic's records. */
export const STATION_PLACES = ['reception', 'doctor', 'pharmacy', 'board', 'kiosk', 'office'] as const;
export type StationPlace = (typeof STATION_PLACES)[number];

/** Why something done away from the server is a person's to decide. */
export const SHEET_KINDS = [
  /** Two rooms called the same patient, or one finished what another had sent on. */
  'moved_on',
  /** A patient has two tokens in one queue: one from the server, one from a desk without it. */
  'second_token',
  /** The same person was registered at two desks. */
  'registered_twice',
  /** A desk's memory of what it had not handed over was damaged. */
  'work_lost',
  /** Anything else that the server could not apply. */
  'not_applied',
] as const;
export type SheetKind = (typeof SHEET_KINDS)[number];

/** The code of the nth station: R1, R2, … It stands on the labels that the station gives without the server. */
export const stationCode = (number: number): string => `R${number}`;

/** The number of a patient whom a station registered without the server: `R2-P014`. */
export const provisionalNumber = (code: string, serial: number): string =>
  `${code}-P${String(serial).padStart(3, '0')}`;
