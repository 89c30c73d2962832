import { createContext, useContext } from 'react';
import type { Connection, Medlane, User } from './api.ts';
import type { AuditExport } from './audit-export.ts';
import type { Live } from './live.ts';
import type { Lock } from './lock.ts';
import type { DeskPrinting } from './printing/desk-printing.ts';
import type { Printing } from './printing/printing.ts';
import { createStore, type Store, useStore } from './store.ts';

/** Commands that wait for the server to come back. */
export type Sending = Readonly<{ count: Store<number>; waiting: (delta: 1 | -1) => void }>;

export function createSending(): Sending {
  const count = createStore(0);
  return { count, waiting: (delta) => count.set(count.get() + delta) };
}

/** Everything a screen may use beside its props; wired in `main.tsx`. */
export type Services = Readonly<{
  connection: Connection;
  live: Live;
  lock: Lock;
  sending: Sending;
  printing: Printing;
  deskPrinting: Store<DeskPrinting>;
  auditExport: AuditExport;
}>;

const ServicesContext = createContext<Services | null>(null);
export const ServicesProvider = ServicesContext.Provider;

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (!services) throw new Error('useServices outside of its provider');
  return services;
}

export const useApi = (): Medlane => useServices().connection.api;

/** The person who is signed in. Only screens behind the gate ask. */
export function useUser(): User {
  const session = useStore(useServices().connection.session);
  if (session.status !== 'in') throw new Error('useUser outside of a session');
  return session.user;
}
