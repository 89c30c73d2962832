import { sql } from 'drizzle-orm';
import type { DocumentKind } from '../../../domain/identity-documents.ts';
import type { Role } from '../../../domain/people.ts';
import type { Columns } from '../columns.ts';

/** The branch, and the columns that the tables of every chapter share: whose a row is, and when it came and changed. */
export function groundOf(k: Columns) {
  const times = { createdAt: k.int('created_at').notNull(), updatedAt: k.int('updated_at').notNull() };

  const branches = k.table('branches', {
    id: k.text('id').primaryKey(),
    code: k.text('code').notNull(),
    name: k.text('name').notNull(),
    timeZone: k.text('time_zone').notNull(),
    rollOverHour: k.int('roll_over_hour').notNull(),
    registrationPattern: k.text('registration_pattern').notNull(),
    backupFolder: k.text('backup_folder'),
    /** After so many minutes without a key a staff screen hides itself; 0 is never. */
    idleLockMinutes: k.int('idle_lock_minutes').notNull().default(5),
    /** Who signs in with a second factor, whether they want to or not. */
    secondFactorFor: k.json<Role[]>('second_factor_for').notNull().default(sql`'[]'`),
    /** Whoever signs in is signed out everywhere else. */
    oneSignIn: k.bool('one_sign_in').notNull().default(false),
    /** Whoever works here may ask for an account by themselves. */
    selfRegistration: k.bool('self_registration').notNull().default(false),
    /** A sign-in that nobody used for so many hours is over. */
    idleSignOutHours: k.int('idle_sign_out_hours').notNull().default(168),
    /** For so many days it is kept who signed in, or tried to. */
    signInsKeptDays: k.int('sign_ins_kept_days').notNull().default(90),
    /** Which identity documents are asked of staff, of patients and of pharmacies; none is none. */
    staffDocuments: k.json<DocumentKind[]>('staff_documents').notNull().default(sql`'[]'`),
    patientDocuments: k.json<DocumentKind[]>('patient_documents').notNull().default(sql`'[]'`),
    pharmacyDocuments: k.json<DocumentKind[]>('pharmacy_documents').notNull().default(sql`'[]'`),
    demo: k.bool('demo').notNull(),
    openDay: k.text('open_day').notNull(),
    version: k.int('version').notNull(),
    ...times,
  });
  const branchId = () =>
    k
      .text('branch_id')
      .notNull()
      .references(() => branches.id);

  return { branches, branchId, times };
}

export type Ground = ReturnType<typeof groundOf>;
