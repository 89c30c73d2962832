import { eq } from 'drizzle-orm';
import { ApiError } from '../../contract/kit.ts';
import { decideVerification, startsOf, type VerificationStep } from '../../domain/verification.ts';
import type { CommandContext } from '../dispatch.ts';
import { askedOf, heldOf, missingOf, NOTHING, type VerificationRow, verificationOf } from './rows.ts';
import { traceOf, type Whose } from './sealing.ts';

/** What a step needs of the command that takes it. */
export type Work = Pick<CommandContext, 'tx' | 'actor' | 'branchId' | 'now' | 'id' | 'emit' | 'record'>;
/** What is told of it beside the states: which document, never what stands in it. */
type More = Readonly<{ remarks?: string | undefined; about?: Readonly<Record<string, string | null>> }>;

/** Takes a step of somebody's verification: the domain decides, this writes. @throws ApiError when it is not possible. */
export async function takeStep(
  work: Work,
  step: VerificationStep,
  whose: Whose,
  more: More = {},
): Promise<VerificationRow> {
  const { tx, actor, branchId, now } = work;
  const before = await verificationOf(tx, branchId, whose);
  const state = before?.state ?? 'not_started';
  const asked = await askedOf(tx, branchId, whose);
  const missing = missingOf(before ? await heldOf(tx, before.id) : NOTHING, asked);
  const own = whose.subject === 'staff' && whose.subjectId === actor.id;
  const remarks = more.remarks || null;
  work.record(traceOf(whose));
  const decided = decideVerification(step, { state, own, asked: asked.length, missing, remarks });
  if ('refusal' in decided) {
    const possible = startsOf(step).join(', ');
    throw new ApiError(decided.refusal, {
      facts: { standing: state, step, possible, missing: missing.join(', ') || '–' },
    });
  }
  const { to } = decided;
  const after: VerificationRow = {
    ...(before ?? {
      id: work.id(),
      branchId,
      ...whose,
      submittedAt: null,
      decidedAt: null,
      decidedBy: null,
      createdAt: now,
    }),
    state: to,
    // What to do again stays in sight until it is handed in anew.
    remarks: step === 'edit' ? (before?.remarks ?? null) : remarks,
    ...(step === 'submit' ? { submittedAt: now, decidedAt: null, decidedBy: null } : {}),
    ...(DECISIONS.includes(step) ? { decidedAt: now, decidedBy: actor.id } : {}),
    version: (before?.version ?? 0) + 1,
    updatedAt: now,
  };
  const { t, db } = tx;
  if (before) await db.update(t.verifications).set(after).where(eq(t.verifications.id, before.id));
  else await db.insert(t.verifications).values(after);
  work.emit('verification.changed', { subjectId: whose.subjectId });
  work.record({
    before: { verification: state, remarks: before?.remarks ?? null },
    after: { verification: to, remarks: after.remarks, ...more.about },
  });
  return after;
}

const DECISIONS: readonly VerificationStep[] = ['approve', 'reject', 'resubmit', 'reopen'];
