import type { Columns } from '../columns.ts';
import type { Ground } from './ground.ts';

/** What every command leaves behind. */
export function traceTables(k: Columns, { branchId }: Ground) {
  const audit = k.table(
    'audit',
    {
      seq: k.int('seq').primaryKey(),
      branchId: k.text('branch_id'),
      at: k.int('at').notNull(),
      actorId: k.text('actor_id'),
      patientId: k.text('patient_id'),
      action: k.text('action').notNull(),
      outcome: k.text('outcome').notNull(),
      record: k.text('record').notNull(),
      detail: k.bytes('detail'),
      hash: k.text('hash').notNull(),
    },
    (t) => [
      k.index('audit_at').on(t.at),
      k.index('audit_actor').on(t.actorId, t.seq),
      k.index('audit_patient').on(t.patientId, t.seq),
    ],
  );

  const auditCheckpoints = k.table('audit_checkpoints', {
    seq: k.int('seq').primaryKey(),
    at: k.int('at').notNull(),
    hash: k.text('hash').notNull(),
    signature: k.text('signature').notNull(),
  });

  const feed = k.table('feed', {
    seq: k.int('seq').primaryKey(),
    branchId: branchId(),
    at: k.int('at').notNull(),
    event: k.text('event').notNull(),
    payload: k.json<Record<string, unknown>>('payload').notNull(),
    commandId: k.text('command_id'),
  });

  const commands = k.table(
    'commands',
    {
      actorId: k.text('actor_id').notNull(),
      deviceId: k.text('device_id').notNull(),
      commandId: k.text('command_id').notNull(),
      operation: k.text('operation').notNull(),
      bodyHash: k.text('body_hash').notNull(),
      answer: k.bytes('answer').notNull(),
      /** The answer is sealed with this patient's key. */
      sealedFor: k.text('sealed_for'),
      at: k.int('at').notNull(),
    },
    (t) => [k.primaryKey({ columns: [t.actorId, t.deviceId, t.commandId] }), k.index('commands_at').on(t.at)],
  );

  return { audit, auditCheckpoints, feed, commands };
}
