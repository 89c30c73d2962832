import { createHash } from 'node:crypto';
import { v7 } from 'uuid';
import { canonical, chainHash, detailHash, GENESIS } from '../../server/audit/chain.ts';
import { openSqlite } from '../../server/db/open.ts';
import { answerOrders } from './helper.ts';

/** Giving tokens with nothing around it: prepared statements on the same tables, the same cipher, the same pragmas. */
export type FloorOrder = Readonly<{
  file: string;
  key: string;
  branchId: string;
  queues: readonly string[];
  patients: readonly string[];
  group: number;
  seconds: number;
}>;
export type FloorResult = Readonly<{ perSecond: number }>;

answerOrders<FloorOrder, FloorResult>(async ({ file, key, branchId, queues, patients, group, seconds }) => {
  const database = openSqlite(file, Buffer.from(key, 'hex'), 'write');
  const [begin, commit] = [database.prepare('BEGIN IMMEDIATE'), database.prepare('COMMIT')];
  const series = `floor:${v7()}`;
  database.prepare('INSERT INTO counters (series, branch_id, value) VALUES (?, ?, 0)').run(series, branchId);
  const count = database.prepare('UPDATE counters SET value = value + 1 WHERE series = ? RETURNING value').pluck();
  const visit = insert('visits', [
    'id',
    'branch_id',
    'patient_id',
    'clinic_day',
    'token',
    'token_queue_id',
    'token_number',
    'current_step_id',
    'arrived_at',
    'issued_by',
    'created_at',
    'updated_at',
  ]);
  const step = insert('steps', [
    'id',
    'visit_id',
    'branch_id',
    'queue_id',
    'clinic_day',
    'sequence',
    'state',
    'version',
    'last_command',
    'priority',
    'senior_at',
    'waiting_since',
    'behind',
    'ahead',
    'call_count',
  ]);
  const audit = insert('audit', [
    'seq',
    'branch_id',
    'at',
    'actor_id',
    'patient_id',
    'action',
    'outcome',
    'record',
    'detail',
    'hash',
  ]);
  const feed = insert('feed', ['seq', 'branch_id', 'at', 'event', 'payload', 'command_id']);
  const answer = insert('commands', ['actor_id', 'device_id', 'command_id', 'operation', 'body_hash', 'answer', 'at']);
  const head = database.prepare('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1').get() as
    | { seq: number; hash: string }
    | undefined;
  let [seq, hash] = [head?.seq ?? 0, head?.hash ?? GENESIS];
  let feedSeq = (database.prepare('SELECT max(seq) FROM feed').pluck().get() as number | null) ?? 0;
  const day = new Date().toISOString().slice(0, 10);
  const mark = series.slice(-8);

  const issue = () => {
    const [now, visitId, stepId, commandId] = [Date.now(), v7(), v7(), v7()];
    const at = new Date(now).toISOString();
    const number = count.get(series) as number;
    const [queueId, patientId] = [
      queues[number % queues.length] as string,
      patients[number % patients.length] as string,
    ];
    visit.run(visitId, branchId, patientId, day, `${mark}-${number}`, queueId, number, stepId, now, 'floor', now, now);
    step.run(stepId, visitId, branchId, queueId, day, 1, 'waiting', 1, 'issue', 'normal', now, now, 0, 0, 0);
    seq += 1;
    const changes = JSON.stringify({
      state: [null, 'waiting'],
      token: [null, number],
      queueId: [null, queueId],
      patientId: [null, patientId],
    });
    const record = canonical({
      ...{
        seq,
        at,
        actorId: 'floor',
        actor: 'floor',
        roles: ['receptionist'],
        deviceId: 'floor',
        branchId,
        origin: 'local',
        action: 'visits.issue',
      },
      ...{
        resource: 'visit',
        resourceId: visitId,
        patientId,
        outcome: 'ok',
        requestId: commandId,
        commandId,
        detailHash: detailHash({ salt: commandId, changes }),
      },
    });
    hash = chainHash(hash, record);
    audit.run(seq, branchId, now, 'floor', patientId, 'visits.issue', 'ok', record, Buffer.from(changes), hash);
    feedSeq += 1;
    feed.run(
      feedSeq,
      branchId,
      now,
      'visit.changed',
      JSON.stringify({ visitId, patientId, queueId, state: 'waiting' }),
      commandId,
    );
    const body = JSON.stringify({
      id: visitId,
      token: number,
      state: 'waiting',
      queueId,
      patientId,
      stepId,
      arrivedAt: at,
      priority: 'normal',
    });
    answer.run(
      'floor',
      'floor',
      commandId,
      'visits.issue',
      createHash('sha256').update(body).digest('base64'),
      Buffer.from(body),
      now,
    );
  };

  let done = 0;
  const begun = performance.now();
  while (performance.now() - begun < seconds * 1000) {
    begin.run();
    for (let left = group; left > 0; left -= 1) issue();
    commit.run();
    done += group;
  }
  const took = performance.now() - begun;
  database.close();
  return { perSecond: (done / took) * 1000 };

  function insert(table: string, columns: readonly string[]) {
    return database.prepare(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    );
  }
});
