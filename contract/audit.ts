import * as z from 'zod';
import { command, download, listOf, newestFirst, page, pageInput, query } from './kit.ts';
import { id, instant, job } from './shapes.ts';

export const auditEntry = z
  .object({
    seq: z.int(),
    at: instant,
    actorId: id.nullable(),
    actor: z.string(),
    roles: z.array(z.string()),
    deviceId: id.nullable(),
    branchId: id.nullable(),
    origin: z.string(),
    action: z.string(),
    resource: z.string().nullable(),
    resourceId: id.nullable(),
    patientId: id.nullable(),
    outcome: z.string(),
    requestId: z.string(),
    commandId: z.string().nullable(),
    changes: z.string().nullable().meta({
      description: 'Before and after of the changed fields as JSON; null when there is none, or it was purged.',
    }),
    hash: z.string(),
  })
  .meta({ id: 'AuditEntry' });

export const audit = {
  list: query({
    route: 'GET /audit',
    summary: 'Who did what, newest first.',
    who: ['admin'],
    input: z.object({
      ...pageInput(['seq']),
      from: instant.optional(),
      to: instant.optional(),
      actorId: id.optional(),
      patientId: id.optional(),
      action: listOf(z.string().max(60)).optional(),
      outcome: z.string().max(40).optional(),
    }),
    output: page(auditEntry),
    errors: [],
  }),
  export: download({
    route: 'GET /audit/export',
    summary: 'The audit log as one stream that proves itself: its starting anchor, every entry, a signed checkpoint.',
    who: ['admin'],
    fresh: true,
    input: z.object({
      format: z.enum(['csv', 'json']).default('csv'),
      from: instant.or(z.iso.date()).optional(),
      to: instant.or(z.iso.date()).optional(),
    }),
    output: z.string(),
    errors: ['step_up', 'other_branches'],
    media: ['text/csv', 'application/json'],
    audited: true,
  }),
  verify: command({
    route: 'POST /audit/verify',
    summary: 'Checks the whole stored log: every hash, the order, the checkpoints.',
    who: ['admin'],
    input: z.object({}),
    output: job,
    errors: [],
    status: 202,
  }),
  checkpoints: query({
    route: 'GET /audit/checkpoints',
    summary: 'The signed checkpoints, newest first, and the key that they are checked with.',
    who: ['admin'],
    input: z.object(newestFirst),
    output: page(z.object({ seq: z.int(), at: instant, hash: z.string(), signature: z.string() })).extend({
      publicKey: z.string(),
    }),
    errors: [],
  }),
};

export const backups = {
  list: query({
    route: 'GET /backups',
    summary: 'The backups that were made, newest first.',
    who: ['super_admin'],
    input: z.object(newestFirst),
    output: page(
      z.object({
        id,
        at: instant,
        path: z.string(),
        bytes: z.int(),
        verified: z.boolean(),
        problem: z.string().nullable(),
      }),
    ),
    errors: [],
  }),
  start: command({
    route: 'POST /backups',
    summary: 'Makes a backup now, and checks it by opening it.',
    who: ['super_admin'],
    input: z.object({ folder: z.string().max(500).optional() }),
    output: job,
    errors: [],
    status: 202,
  }),
  recoveryKit: command({
    route: 'POST /backups/recovery-kit',
    summary: 'Shows the recovery kit again. Only from the server’s own computer.',
    who: ['super_admin'],
    fresh: true,
    input: z.object({}),
    output: z.object({ recoveryKit: z.string() }),
    errors: ['only_here', 'step_up'],
  }),
};
