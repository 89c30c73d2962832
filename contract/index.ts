import { accountRequests } from './account-requests.ts';
import { audit, backups } from './audit.ts';
import { auth } from './auth.ts';
import { boards } from './boards.ts';
import { branches } from './branches.ts';
import { devices, pairing, screens } from './devices.ts';
import { identity } from './identity.ts';
import type { OperationName } from './kit.ts';
import { mail, ownEmail } from './mail.ts';
import { notes } from './notes.ts';
import { paper } from './paper.ts';
import { imports, jobs, patients } from './patients.ts';
import { pharmacies } from './pharmacies.ts';
import { profile } from './profile.ts';
import { queues, rooms } from './queues.ts';
import { reports } from './reports.ts';
import { rights } from './rights.ts';
import { secondFactor } from './second-factor.ts';
import { security, signIns } from './security.ts';
import { sessions } from './sessions.ts';
import { sheet } from './sheet.ts';
import { sync } from './sync.ts';
import { changes, settings, setup, system } from './system.ts';
import { users } from './users.ts';
import { verifications } from './verifications.ts';
import { visits } from './visits.ts';

/** Every operation of the product. */
export const api = {
  system,
  setup,
  settings,
  changes,
  auth,
  secondFactor,
  ownEmail,
  profile,
  mail,
  sessions,
  signIns,
  users,
  accountRequests,
  rights,
  branches,
  devices,
  pairing,
  screens,
  patients,
  imports,
  jobs,
  visits,
  notes,
  queues,
  rooms,
  boards,
  paper,
  reports,
  audit,
  backups,
  sync,
  sheet,
  security,
  identity,
  verifications,
  pharmacies,
};
export type MedlaneApi = typeof api;
export type MedlaneOperation = OperationName<MedlaneApi>;
