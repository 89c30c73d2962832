import type { Caller } from '../contract/kit.ts';
import type { Role } from '../domain/people.ts';
import type { Rights } from '../domain/rights.ts';
import type { StationPlace } from '../domain/station.ts';

/** A paired desk: the code on the labels that it gives by itself, and what it is used for. */
export type Station = Readonly<{ code: string; place: StationPlace }>;

/** Who acts, on which device, from where. */
export type Actor = Readonly<{
  id: string;
  name: string;
  roles: readonly Role[];
  /** What was granted beyond the roles, or taken away, as of now. */
  rights: Rights;
  /** The branch that they work in. */
  branchId: string | null;
  deviceId: string;
  sessionId: string | null;
  /** Whether signing in asks a second factor of them: they have chosen one, or their role needs it. */
  askedFactor: boolean;
  /** When this person last proved who they are, by more than a PIN, in ms; 0 is not lately. */
  provedAt: number;
  /** A display's board. */
  boardId: string | null;
  /** The paired desk that this comes from; null from anywhere else. */
  station: Station | null;
  /** When it was done, by the desk's corrected clock, in ms; null is "now". Only a paired desk is believed. */
  madeAt: number | null;
  /** The network address, `local` for the server's own computer, or `system`. */
  origin: string;
}>;

/** Somebody who has not signed in. */
export const nobody = (origin: string): Actor => ({
  id: 'nobody',
  name: 'nobody',
  roles: [],
  rights: {},
  branchId: null,
  deviceId: 'none',
  sessionId: null,
  askedFactor: false,
  provedAt: 0,
  boardId: null,
  station: null,
  madeAt: null,
  origin,
});

/** The server itself: day close, checkpoints, backups. */
export const systemActor = (branchId: string | null): Actor => ({
  ...nobody('system'),
  id: 'system',
  name: 'system',
  branchId,
});

/** Whoever sits at the server's own computer with the right to read its files: the command line. */
export const operator = (branchId: string | null): Actor => ({
  ...nobody('local'),
  id: 'operator',
  name: 'command line',
  roles: ['super_admin', 'admin'],
  branchId,
  deviceId: 'command-line',
  provedAt: Number.POSITIVE_INFINITY,
});

export const callerOf = ({ id, station, roles, rights }: Actor): Caller => ({
  ...{ signedIn: id !== 'nobody', atDesk: station !== null },
  ...{ roles, rights },
});
