import type { QueryClient } from '@tanstack/react-query';
import type { EventName } from '../contract/events.ts';
import { after } from './clock.ts';

type Entry = Readonly<{ event: string; payload: Readonly<Record<string, unknown>> }>;

/** Which answers a change makes old. The first part of every query key is one of these names (`queries.ts`). */
const STALE: Record<EventName, readonly string[]> = {
  'visit.changed': ['visits', 'visit', 'queues', 'now', 'patients', 'board'],
  'call.announced': ['visits', 'board'],
  'call.acknowledged': [],
  'patient.changed': ['patients', 'visits'],
  // Reading what others write leaves an audit entry: it is read when somebody comes in.
  'note.changed': [],
  'queue.changed': ['queues', 'visits', 'board'],
  'room.changed': ['rooms', 'queues', 'me'],
  'board.changed': ['boards', 'board'],
  'device.changed': ['devices'],
  'user.changed': ['users', 'staff', 'me', 'rooms', 'factor', 'sessions', 'security'],
  'settings.changed': ['settings', 'me', 'setup'],
  'verification.changed': ['identity', 'verifications', 'users', 'pharmacies', 'me', 'security'],
  'pharmacy.changed': ['pharmacies', 'verifications'],
  'sheet.changed': ['sheet', 'now'],
  'day.closed': ['visits', 'queues', 'now', 'board'],
};

/** One refresh for a burst of changes: a busy morning must not make every screen ask for its list at every step. */
const GATHER = 60;
/** After a refresh (ms): what forty desks do in a second is read twice in it, not sixteen times. */
const REST = 400;

/** Turns changes into "ask again" for what is on the screen. */
export function createInvalidator(client: QueryClient) {
  let names = new Set<string>();
  let planned = false;

  function plan() {
    if (planned) return;
    planned = true;
    after(GATHER, async () => {
      const due = names;
      names = new Set();
      // Waited for: one that is still under way would be called off and begun again, and on a slow line never end.
      await client.invalidateQueries({ predicate: ({ queryKey }) => due.has(String(queryKey[0])) });
      after(REST, () => {
        planned = false;
        if (names.size > 0) plan();
      });
    });
  }

  return {
    changed(entries: readonly Entry[]) {
      for (const { event, payload } of entries) {
        for (const name of STALE[event as EventName] ?? []) names.add(name);
        // Only the record itself: reading the others again would leave audit entries about nothing.
        if (event === 'patient.changed') void client.invalidateQueries({ queryKey: ['patient', payload.patientId] });
      }
      if (names.size > 0) plan();
    },
    /** But for opened records: reading one again would leave a second entry in the audit log. */
    everything: () => void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'patient' }),
  };
}
