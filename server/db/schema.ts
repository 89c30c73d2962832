import { sql } from 'drizzle-orm';
import type { PaperLanguage, SlipFormat } from '../../domain/paper.ts';
import type { Category, Sex } from '../../domain/patient.ts';
import type { Role } from '../../domain/people.ts';
import type { CallRun, OrderPolicy } from '../../domain/queue-order.ts';
import type { SheetKind, StationPlace } from '../../domain/station.ts';
import type { Priority, StepCommand, StepState } from '../../domain/visit.ts';
import type { Columns } from './columns.ts';

/**
 * Every table, written once over the dialects' columns. The branch is on every row that belongs to one. Triggers and
 * full-text tables stand in the hand-written migrations.
 */
export function defineSchema(k: Columns) {
  const times = { createdAt: k.int('created_at').notNull(), updatedAt: k.int('updated_at').notNull() };

  // --- the clinic ----------------------------------------------------------------------------------------------------
  const meta = k.table('meta', { key: k.text('key').primaryKey(), value: k.text('value').notNull() });

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

  const counters = k.table('counters', {
    series: k.text('series').primaryKey(),
    branchId: branchId(),
    value: k.int('value').notNull(),
  });

  /** What stands on the clinic's papers: apart from the branch, which every command reads. */
  const letterheads = k.table('letterheads', {
    branchId: k
      .text('branch_id')
      .primaryKey()
      .references(() => branches.id),
    address: k.text('address'),
    phone: k.text('phone'),
    footer: k.text('footer'),
    slipFormat: k.text<SlipFormat>('slip_format').notNull(),
    paperLanguage: k.text<PaperLanguage>('paper_language').notNull(),
    logo: k.bytes('logo'),
    ...times,
  });

  const closedDays = k.table(
    'closed_days',
    {
      branchId: branchId(),
      day: k.text('day').notNull(),
      closedAt: k.int('closed_at').notNull(),
      noShows: k.int('no_shows').notNull(),
      cancelled: k.int('cancelled').notNull(),
      accuracy: k.json<{ promised: number; kept: number; pinball: number; pinballOfMean: number } | null>('accuracy'),
    },
    (t) => [k.primaryKey({ columns: [t.branchId, t.day] })],
  );

  // --- people --------------------------------------------------------------------------------------------------------
  const users = k.table(
    'users',
    {
      id: k.text('id').primaryKey(),
      branchId: branchId(),
      username: k.text('username').notNull(),
      usernameKey: k.text('username_key').notNull(),
      name: k.text('name').notNull(),
      roles: k.json<Role[]>('roles').notNull(),
      boardId: k.text('board_id'),
      passwordHash: k.text('password_hash').notNull(),
      active: k.bool('active').notNull(),
      failures: k.int('failures').notNull(),
      stage: k.int('stage').notNull(),
      lockedUntil: k.int('locked_until'),
      lastSignInAt: k.int('last_sign_in_at'),
      version: k.int('version').notNull(),
      ...times,
    },
    (t) => [k.unique('users_username').on(t.usernameKey), k.index('users_branch').on(t.branchId)],
  );

  const devices = k.table('devices', {
    id: k.text('id').primaryKey(),
    branchId: branchId(),
    kind: k.text<'browser' | 'program' | 'desktop'>('kind').notNull(),
    name: k.text('name').notNull(),
    lastSeenAt: k.int('last_seen_at').notNull(),
    revokedAt: k.int('revoked_at'),
    ...times,
  });

  /** What a paired desk is beside being a device. Its code is never given to another desk, also when it is revoked. */
  const stations = k.table(
    'stations',
    {
      deviceId: k
        .text('device_id')
        .primaryKey()
        .references(() => devices.id),
      branchId: branchId(),
      code: k.text('code').notNull(),
      place: k.text<StationPlace>('place').notNull(),
      /** SHA-256 of the desk's public key, in hex: a renewed certificate is of the same key. */
      keyFingerprint: k.text('key_fingerprint').notNull(),
      certificateUntil: k.int('certificate_until').notNull(),
      pairedBy: k.text('paired_by').notNull(),
      appVersion: k.text('app_version').notNull(),
      unsent: k.int('unsent').notNull(),
      ...times,
    },
    (t) => [k.unique('stations_code').on(t.branchId, t.code), k.unique('stations_key').on(t.keyFingerprint)],
  );

  /** What was done away from the server and did not fit what had happened meanwhile: a person decides. */
  const sheet = k.table(
    'sheet',
    {
      id: k.text('id').primaryKey(),
      branchId: branchId(),
      kind: k.text<SheetKind>('kind').notNull(),
      deviceId: k.text('device_id').notNull(),
      actorId: k.text('actor_id').notNull(),
      /** The command that did not fit, and what the desk had shown of it. */
      commandId: k.text('command_id').notNull(),
      operation: k.text('operation').notNull(),
      refusal: k.text('refusal'),
      facts: k.json<Record<string, string | number | null>>('facts').notNull(),
      visitId: k.text('visit_id'),
      patientId: k.text('patient_id'),
      otherPatientId: k.text('other_patient_id'),
      madeAt: k.int('made_at').notNull(),
      settledAt: k.int('settled_at'),
      settledBy: k.text('settled_by'),
      note: k.text('note'),
      ...times,
    },
    (t) => [
      k.unique('sheet_command').on(t.branchId, t.deviceId, t.commandId, t.kind),
      k.index('sheet_open').on(t.branchId, t.createdAt).where(sql`settled_at is null`),
    ],
  );

  const sessions = k.table(
    'sessions',
    {
      id: k.text('id').primaryKey(),
      branchId: branchId(),
      userId: k
        .text('user_id')
        .notNull()
        .references(() => users.id),
      deviceId: k
        .text('device_id')
        .notNull()
        .references(() => devices.id),
      /** What this sign-in's refresh tokens are made from, and which of them is the newest. */
      seed: k.text('seed').notNull(),
      generation: k.int('generation').notNull(),
      rotatedAt: k.int('rotated_at').notNull(),
      expiresAt: k.int('expires_at').notNull(),
      endedAt: k.int('ended_at'),
      endReason: k.text('end_reason'),
      ...times,
    },
    (t) => [k.index('sessions_user').on(t.userId)],
  );

  /** A PIN for switching people on a shared desk; never enough on a device where its owner has not signed in lately. */
  const pins = k.table('pins', {
    userId: k
      .text('user_id')
      .primaryKey()
      .references(() => users.id),
    branchId: branchId(),
    hash: k.text('hash').notNull(),
    failures: k.int('failures').notNull(),
    ...times,
  });

  /** Who signed in on which device with their password, and when the last time. */
  const devicePeople = k.table(
    'device_people',
    {
      deviceId: k
        .text('device_id')
        .notNull()
        .references(() => devices.id),
      userId: k
        .text('user_id')
        .notNull()
        .references(() => users.id),
      branchId: branchId(),
      at: k.int('at').notNull(),
    },
    (t) => [k.primaryKey({ columns: [t.deviceId, t.userId] })],
  );

  // --- patients ------------------------------------------------------------------------------------------------------
  const patients = k.table(
    'patients',
    {
      id: k.text('id').primaryKey(),
      branchId: branchId(),
      registrationNumber: k.text('registration_number').notNull(),
      name: k.text('name').notNull(),
      birthDate: k.text('birth_date'),
      birthDateEstimated: k.bool('birth_date_estimated').notNull(),
      sex: k.text<Sex>('sex').notNull(),
      phone: k.text('phone'),
      address: k.text('address'),
      category: k.text<Category>('category').notNull(),
      nextOfKinName: k.text('next_of_kin_name'),
      nextOfKinPhone: k.text('next_of_kin_phone'),
      notes: k.text('notes'),
      allergies: k.json<{ substance: string; reaction: string | null }[]>('allergies').notNull(),
      identified: k.bool('identified').notNull(),
      externalId: k.text('external_id'),
      archivedAt: k.int('archived_at'),
      mergedIntoId: k.text('merged_into_id'),
      version: k.int('version').notNull(),
      ...times,
    },
    (t) => [
      k.unique('patients_number').on(t.branchId, t.registrationNumber),
      k.unique('patients_external').on(t.branchId, t.externalId),
      k.index('patients_name').on(t.branchId, t.name),
      k.index('patients_newest').on(t.branchId, t.createdAt, t.id),
    ],
  );

  /** What a search compares: folded name, phone digits and numbers; full text stands over it. */
  const patientSearch = k.table(
    'patient_search',
    {
      row: k.int('row').primaryKey(),
      patientId: k
        .text('patient_id')
        .notNull()
        .references(() => patients.id),
      branchId: branchId(),
      text: k.text('text').notNull(),
      archived: k.bool('archived').notNull(),
    },
    (t) => [k.unique('patient_search_patient').on(t.patientId)],
  );

  /** The words of the names, for two letters typed: found by their first two letters, newest patient first. */
  const patientWords = k.table(
    'patient_words',
    { word: k.text('word').notNull(), start: k.text('start').notNull(), row: k.int('row').notNull() },
    (t) => [k.primaryKey({ columns: [t.row, t.word] }), k.index('patient_words_start').on(t.start, t.row)],
  );

  /** The words that occur at all, by the keys under which a misspelling finds them (`spellingKeys`). */
  const spellings = k.table('spellings', { key: k.text('key').notNull(), word: k.text('word').notNull() }, (t) => [
    k.primaryKey({ columns: [t.key, t.word] }),
  ]);

  const patientNumbers = k.table(
    'patient_numbers',
    {
      branchId: branchId(),
      number: k.text('number').notNull(),
      patientId: k
        .text('patient_id')
        .notNull()
        .references(() => patients.id),
    },
    (t) => [k.primaryKey({ columns: [t.branchId, t.number] }), k.index('patient_numbers_patient').on(t.patientId)],
  );

  const merges = k.table(
    'merges',
    {
      id: k.text('id').primaryKey(),
      branchId: branchId(),
      patientId: k
        .text('patient_id')
        .notNull()
        .references(() => patients.id),
      intoId: k
        .text('into_id')
        .notNull()
        .references(() => patients.id),
      visitIds: k.json<string[]>('visit_ids').notNull(),
      numbers: k.json<string[]>('numbers').notNull(),
      at: k.int('at').notNull(),
      undoneAt: k.int('undone_at'),
    },
    (t) => [k.index('merges_patient').on(t.patientId)],
  );

  /** One key per patient, wrapped by the clinic's: whoever destroys it has purged what it sealed. */
  const patientKeys = k.table('patient_keys', {
    patientId: k.text('patient_id').primaryKey(),
    branchId: branchId(),
    wrapped: k.bytes('wrapped').notNull(),
  });

  // --- queues and rooms ----------------------------------------------------------------------------------------------
  const queues = k.table(
    'queues',
    {
      id: k.text('id').primaryKey(),
      branchId: branchId(),
      code: k.text('code').notNull(),
      name: k.text('name').notNull(),
      nameKey: k.text('name_key').notNull(),
      state: k.text<'open' | 'paused' | 'closed'>('state').notNull(),
      policy: k.json<OrderPolicy>('policy').notNull(),
      run: k.json<CallRun>('run').notNull(),
      returnTo: k.text<'place' | 'end'>('return_to').notNull(),
      rejoinAfter: k.int('rejoin_after').notNull(),
      version: k.int('version').notNull(),
      ...times,
    },
    (t) => [k.unique('queues_code').on(t.branchId, t.code), k.unique('queues_name').on(t.branchId, t.nameKey)],
  );

  const rooms = k.table(
    'rooms',
    {
      id: k.text('id').primaryKey(),
      branchId: branchId(),
      name: k.text('name').notNull(),
      nameKey: k.text('name_key').notNull(),
      capacity: k.int('capacity').notNull(),
      queueIds: k.json<string[]>('queue_ids').notNull(),
      version: k.int('version').notNull(),
      ...times,
    },
    (t) => [k.unique('rooms_name').on(t.branchId, t.nameKey)],
  );

  const roomWorkers = k.table(
    'room_workers',
    {
      userId: k
        .text('user_id')
        .primaryKey()
        .references(() => users.id),
      roomId: k
        .text('room_id')
        .notNull()
        .references(() => rooms.id),
      branchId: branchId(),
      since: k.int('since').notNull(),
    },
    (t) => [k.index('room_workers_room').on(t.roomId)],
  );

  const boards = k.table('boards', {
    id: k.text('id').primaryKey(),
    branchId: branchId(),
    name: k.text('name').notNull(),
    names: k.text<'none' | 'first' | 'full'>('names').notNull(),
    queueIds: k.json<string[]>('queue_ids').notNull(),
    notice: k.text('notice'),
    version: k.int('version').notNull(),
    ...times,
  });

  // --- visits --------------------------------------------------------------------------------------------------------
  const visits = k.table(
    'visits',
    {
      id: k.text('id').primaryKey(),
      branchId: branchId(),
      patientId: k
        .text('patient_id')
        .notNull()
        .references(() => patients.id),
      clinicDay: k.text('clinic_day').notNull(),
      token: k.text('token').notNull(),
      tokenQueueId: k
        .text('token_queue_id')
        .notNull()
        .references(() => queues.id),
      tokenNumber: k.int('token_number').notNull(),
      stationCode: k.text('station_code'),
      currentStepId: k.text('current_step_id').notNull(),
      reason: k.text('reason'),
      arrivedAt: k.int('arrived_at').notNull(),
      issuedBy: k.text('issued_by').notNull(),
      ...times,
    },
    (t) => [
      k.unique('visits_token').on(t.branchId, t.clinicDay, t.token),
      k.index('visits_patient').on(t.patientId, t.clinicDay),
    ],
  );

  const steps = k.table(
    'steps',
    {
      id: k.text('id').primaryKey(),
      visitId: k
        .text('visit_id')
        .notNull()
        .references(() => visits.id),
      branchId: branchId(),
      queueId: k
        .text('queue_id')
        .notNull()
        .references(() => queues.id),
      clinicDay: k.text('clinic_day').notNull(),
      sequence: k.int('sequence').notNull(),
      state: k.text<StepState>('state').notNull(),
      version: k.int('version').notNull(),
      lastCommand: k.text<StepCommand>('last_command').notNull(),
      priority: k.text<Priority>('priority').notNull(),
      seniorAt: k.int('senior_at').notNull(),
      waitingSince: k.int('waiting_since').notNull(),
      behind: k.int('behind').notNull(),
      ahead: k.bool('ahead').notNull(),
      forRoomId: k.text('for_room_id'),
      forStaffId: k.text('for_staff_id'),
      returnToStepId: k.text('return_to_step_id'),
      roomId: k.text('room_id'),
      staffId: k.text('staff_id'),
      callCount: k.int('call_count').notNull(),
      calledAt: k.int('called_at'),
      enteredAt: k.int('entered_at'),
      endedAt: k.int('ended_at'),
      endReason: k.text('end_reason'),
      estimateLow: k.int('estimate_low'),
      estimateHigh: k.int('estimate_high'),
    },
    (t) => [
      k.index('steps_visit').on(t.visitId),
      // Covers the counts by which a newcomer is placed: no row is looked up.
      k.index('steps_line').on(t.queueId, t.clinicDay, t.state, t.priority, t.waitingSince, t.behind, t.ahead),
      // Only rows that have one: a step that begins touches neither.
      k.index('steps_room').on(t.roomId, t.state).where(sql`room_id is not null`),
      k.index('steps_served').on(t.queueId, t.endedAt).where(sql`ended_at is not null`),
    ],
  );

  /** The transitions that the trigger on `steps` lets pass; a test equates it with `domain/visit.ts`. */
  const stepTransitions = k.table(
    'step_transitions',
    { from: k.text('from_state').notNull(), command: k.text('command').notNull(), to: k.text('to_state').notNull() },
    (t) => [k.primaryKey({ columns: [t.from, t.command, t.to] })],
  );

  const visitHistory = k.table(
    'visit_history',
    {
      id: k.text('id').notNull(),
      branchId: branchId(),
      visitId: k
        .text('visit_id')
        .notNull()
        .references(() => visits.id),
      stepId: k.text('step_id').notNull(),
      queueId: k.text('queue_id').notNull(),
      commandId: k.text('command_id').notNull(),
      command: k.text('command').notNull(),
      from: k.text<StepState>('from_state'),
      to: k.text<StepState>('to_state').notNull(),
      actorId: k.text('actor_id').notNull(),
      at: k.int('at').notNull(),
      reason: k.text('reason'),
      outOfOrder: k.bool('out_of_order').notNull(),
    },
    (t) => [k.primaryKey({ columns: [t.visitId, t.id] })],
  );

  /** What a clinician wrote about a visit; another day begins another note. */
  const visitNotes = k.table(
    'visit_notes',
    {
      id: k.text('id').primaryKey(),
      branchId: branchId(),
      visitId: k
        .text('visit_id')
        .notNull()
        .references(() => visits.id),
      authorId: k.text('author_id').notNull(),
      day: k.text('day').notNull(),
      text: k.text('text').notNull(),
      version: k.int('version').notNull(),
      ...times,
    },
    (t) => [k.unique('visit_notes_own').on(t.visitId, t.authorId, t.day)],
  );

  /** What a command changed, kept as long as it can be taken back. Ids and states, no text about a patient. */
  const undoable = k.table(
    'undoable',
    {
      commandId: k.text('command_id').primaryKey(),
      branchId: branchId(),
      actorId: k.text('actor_id').notNull(),
      at: k.int('at').notNull(),
      before: k.json<unknown>('before').notNull(),
      made: k.json<string[]>('made').notNull(),
      versions: k.json<Record<string, number>>('versions').notNull(),
    },
    (t) => [k.index('undoable_at').on(t.at)],
  );

  const calls = k.table(
    'calls',
    {
      seq: k.int('seq').primaryKey(),
      branchId: branchId(),
      visitId: k
        .text('visit_id')
        .notNull()
        .references(() => visits.id),
      stepId: k.text('step_id').notNull(),
      queueId: k.text('queue_id').notNull(),
      roomId: k.text('room_id').notNull(),
      at: k.int('at').notNull(),
      shownAt: k.int('shown_at'),
      spokenAt: k.int('spoken_at'),
    },
    (t) => [k.index('calls_step').on(t.stepId, t.seq), k.index('calls_branch').on(t.branchId, t.at)],
  );

  // --- traces of every command ---------------------------------------------------------------------------------------
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

  // --- long work -----------------------------------------------------------------------------------------------------
  const jobs = k.table(
    'jobs',
    {
      id: k.text('id').primaryKey(),
      branchId: branchId(),
      kind: k.text<'import' | 'verify' | 'backup'>('kind').notNull(),
      state: k.text<'running' | 'done' | 'failed' | 'cancelled' | 'interrupted'>('state').notNull(),
      done: k.int('done').notNull(),
      total: k.int('total'),
      result: k.json<Record<string, string | number | boolean | null>>('result'),
      problem: k.text('problem'),
      startedBy: k.text('started_by').notNull(),
      startedAt: k.int('started_at').notNull(),
      endedAt: k.int('ended_at'),
    },
    (t) => [k.index('jobs_started').on(t.startedAt)],
  );

  const backups = k.table('backups', {
    id: k.text('id').primaryKey(),
    at: k.int('at').notNull(),
    path: k.text('path').notNull(),
    bytes: k.int('bytes').notNull(),
    verified: k.bool('verified').notNull(),
    problem: k.text('problem'),
  });

  const secrets = k.table('secrets', { name: k.text('name').primaryKey(), wrapped: k.bytes('wrapped').notNull() });

  return {
    meta,
    branches,
    counters,
    letterheads,
    closedDays,
    users,
    devices,
    stations,
    sheet,
    sessions,
    pins,
    devicePeople,
    patients,
    patientSearch,
    patientWords,
    spellings,
    patientNumbers,
    merges,
    patientKeys,
    queues,
    rooms,
    roomWorkers,
    boards,
    visits,
    steps,
    stepTransitions,
    visitHistory,
    visitNotes,
    undoable,
    calls,
    audit,
    auditCheckpoints,
    feed,
    commands,
    jobs,
    backups,
    secrets,
  };
}

export type Tables = ReturnType<typeof defineSchema>;
