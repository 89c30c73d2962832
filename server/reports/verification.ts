import { and, eq, sql } from 'drizzle-orm';
import { isStaff } from '../../domain/people.ts';
import { NOT_SUBMITTED, type Subject, VERIFICATION_STATUSES, verificationStatus } from '../../domain/verification.ts';
import type { QueryContext } from '../dispatch.ts';
import { code, moment, number, type Report, text } from './report.ts';

/** How far everybody's identity documents are: all who work here, the pharmacies, and the patients who have begun. */
export async function verificationReport({ db: { t, db }, branchId, now }: QueryContext): Promise<Report> {
  const begun = await db
    .select({ row: t.verifications, patient: t.patients.name })
    .from(t.verifications)
    .leftJoin(t.patients, and(eq(t.verifications.subject, 'patient'), eq(t.patients.id, t.verifications.subjectId)))
    .where(eq(t.verifications.branchId, branchId))
    .orderBy(sql`${t.verifications.updatedAt} desc`);
  const people = await db
    .select({ id: t.users.id, name: t.users.name, roles: t.users.roles })
    .from(t.users)
    .where(and(eq(t.users.branchId, branchId), eq(t.users.active, true)))
    .orderBy(t.users.name);
  const pharmacies = await db
    .select({ id: t.pharmacies.id, name: t.pharmacies.name })
    .from(t.pharmacies)
    .where(and(eq(t.pharmacies.branchId, branchId), eq(t.pharmacies.active, true)))
    .orderBy(t.pharmacies.name);
  const bySubject = (subject: Subject) =>
    new Map(begun.flatMap(({ row }) => (row.subject === subject ? [[row.subjectId, row]] : [])));
  const [ofStaff, ofPharmacies] = [bySubject('staff'), bySubject('pharmacy')];
  const all = [
    ...people
      .filter(({ roles }) => isStaff(roles))
      .map(({ id, name }) => ({ subject: 'staff', name, row: ofStaff.get(id) })),
    ...pharmacies.map(({ id, name }) => ({ subject: 'pharmacy', name, row: ofPharmacies.get(id) })),
    ...begun.flatMap(({ row, patient }) =>
      row.subject === 'patient' ? [{ subject: 'patient', name: patient ?? '', row }] : [],
    ),
  ].map((one) => ({ ...one, status: one.row ? verificationStatus(one.row.state) : NOT_SUBMITTED }));
  return {
    name: 'verification',
    about: (words) => words.moment(now),
    figures: VERIFICATION_STATUSES.map((status) => [
      `status_${status}`,
      number(all.filter((one) => one.status === status).length),
    ]),
    tables: [
      {
        heading: 'documents',
        columns: [
          { name: 'who', share: 3, typed: true },
          { name: 'subject', share: 1.6 },
          { name: 'status', share: 2 },
          { name: 'submitted', share: 2.6 },
          { name: 'decided', share: 2.6 },
          { name: 'remarks', share: 3, typed: true },
        ],
        rows: all.map(({ subject, name, status, row }) => [
          ...[text(name), code('subject', subject), code('status', status)],
          ...[moment(row?.submittedAt ?? null), moment(row?.decidedAt ?? null), text(row?.remarks ?? null)],
        ]),
      },
    ],
  };
}
