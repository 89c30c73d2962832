/** What became of an attempt to sign in. */
export const SIGN_IN_OUTCOMES = [
  'ok',
  'bad_password',
  'bad_code',
  'bad_pin',
  'locked',
  'blocked',
  'not_from_here',
  'unknown',
] as const;
export type SignInOutcome = (typeof SIGN_IN_OUTCOMES)[number];
/** By what: the password alone, with a second factor, by PIN on a shared desk, or at a desk while the server was away. */
export const SIGN_IN_WAYS = ['password', 'code', 'pin', 'desk'] as const;
export type SignInHow = (typeof SIGN_IN_WAYS)[number];

/** What can be unusual about a sign-in, and how much of the score of 100 each is. */
export const SIGNS = {
  new_address: 20,
  new_device: 25,
  unusual_hour: 15,
  recent_failures: 25,
  other_place: 15,
} as const;
export type SignInSign = keyof typeof SIGNS;

/** From here on somebody should look. */
export const SUSPICIOUS = 40;
export const HIGH = 70;

/** Without so many sign-ins before it, nothing can be said about somebody's habits. */
const ENOUGH = 10;
/** So many wrong tries within an hour before it. */
const FAILURES = 3;
const HOUR = 3_600_000;

export type Attempt = Readonly<{
  at: number;
  ok: boolean;
  /** The network address. */
  origin: string;
  deviceId: string | null;
  /** The hour of the clinic's day, 0–23. */
  hour: number;
}>;
type Facts = Readonly<{
  now: Attempt;
  /** This person's earlier attempts, in any order. */
  before: readonly Attempt[];
  /** Addresses from which this person's other sign-ins were used within the last ten minutes. */
  elsewhere: readonly string[];
}>;

/** What is unusual about a sign-in, measured by this person's own habits: nobody's night shift is suspicious for ever. */
export function signsOf({ now, before, elsewhere }: Facts): SignInSign[] {
  const good = before.filter(({ ok }) => ok);
  const failures = before.filter(({ ok, at }) => !ok && now.at - at < HOUR);
  // The first of all is new in every way, and says nothing.
  const known = good.length > 0;
  const signs: Record<SignInSign, boolean> = {
    new_address: known && good.every(({ origin }) => origin !== now.origin),
    new_device: known && good.every(({ deviceId }) => deviceId !== now.deviceId),
    unusual_hour: good.length >= ENOUGH && good.every(({ hour }) => hoursApart(hour, now.hour) > 1),
    recent_failures: failures.length >= FAILURES,
    other_place: elsewhere.some((origin) => origin !== now.origin),
  };
  return (Object.keys(SIGNS) as SignInSign[]).filter((sign) => signs[sign]);
}

export const riskOf = (signs: readonly SignInSign[]): number => signs.reduce((sum, sign) => sum + SIGNS[sign], 0);

const hoursApart = (a: number, b: number): number => Math.min((a - b + 24) % 24, (b - a + 24) % 24);

export const THREATS = ['normal', 'low', 'medium', 'high', 'critical'] as const;
export type Threat = (typeof THREATS)[number];
/** Where each begins. */
const LEVELS: readonly (readonly [from: number, threat: Threat])[] = [
  [100, 'critical'],
  [50, 'high'],
  [20, 'medium'],
  [5, 'low'],
];

/** How much the clinic is being tried, from the counts of one day (CredbuzzPay's weights). */
export function threatOf(counts: Readonly<{ failed: number; suspicious: number; high: number }>) {
  const score = 0.3 * counts.failed + 0.5 * counts.suspicious + 0.2 * counts.high;
  return { score, level: LEVELS.find(([from]) => score >= from)?.[1] ?? ('normal' as const) };
}
