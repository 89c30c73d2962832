import type { Role } from '../domain/people.ts';
import type { StationPlace } from '../domain/station.ts';

/** Who acts, on which device, from where. */
export type Actor = Readonly<{
  id: string;
  name: string;
  roles: readonly Role[];
  branchId: string | null;
  deviceId: string;
  sessionId: string | null;
  /** A display's board. */
  boardId: string | null;
  /** The network address, `local` for the server's own computer, or `system`. */
  origin: string;
  /** The paired desk that it came through; null at every other door. */
  station: Readonly<{ code: string; place: StationPlace }> | null;
  /** When a desk did it that was without the server then, in ms; null: now. */
  madeAt: number | null;
}>;

/** Somebody who has not signed in. */
export const nobody = (origin: string): Actor => ({
  id: 'nobody',
  name: 'nobody',
  roles: [],
  branchId: null,
  deviceId: 'none',
  sessionId: null,
  boardId: null,
  origin,
  station: null,
  madeAt: null,
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
  roles: ['admin'],
  branchId,
  deviceId: 'command-line',
});
