import { IconBuildingHospital, IconClipboardList, IconScale, IconStethoscope } from '@tabler/icons-react';
import { CALLERS, type Role, STAFF } from '../domain/people.ts';
import { adminTabsOf } from './admin/tabs.ts';
import type { User } from './api.ts';

/** The places of the clinic that have a screen, and whose they are. */
export const PLACES = [
  { key: 'reception', to: '/reception', icon: IconClipboardList, who: ['receptionist'] as readonly Role[] },
  { key: 'doctor', to: '/doctor', icon: IconStethoscope, who: CALLERS as readonly Role[] },
  { key: 'admin', to: '/admin', icon: IconBuildingHospital, who: ['admin'] as readonly Role[] },
  { key: 'sheet', to: '/sheet', icon: IconScale, who: STAFF as readonly Role[] },
] as const;
export type Place = (typeof PLACES)[number];

export const hasRole = (user: { roles: readonly Role[] }, who: readonly Role[]): boolean =>
  user.roles.some((role) => who.includes(role));
/** Whether a place is somebody's: the administration for as much of it as is open to them. */
export const mayEnter = (user: User, { key, who }: Place): boolean =>
  key === 'admin' ? adminTabsOf(user).length > 0 : hasRole(user, who);
export const placesOf = (user: User): readonly Place[] => PLACES.filter((place) => mayEnter(user, place));

/** Where a person begins. A screen on the wall goes straight to its board. */
export function homeOf(user: User): string {
  const place = placesOf(user)[0];
  if (place) return place.to;
  return user.boardId ? `/board/${user.boardId}` : '/boards';
}

/** Where this person sees a patient's record: it takes the patient's id. Null when they have no such place. */
export const patientPlaceOf = (user: User): '/reception' | '/admin/patients' | null =>
  hasRole(user, ['receptionist']) ? '/reception' : hasRole(user, ['admin']) ? '/admin/patients' : null;
