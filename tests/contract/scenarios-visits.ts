import type { MedlaneOperation } from '../../contract/index.ts';
import type { StepState } from '../../domain/visit.ts';
import type { Group, Scenario } from './scenes.ts';

const nobody = 'nobody-has-this-id';
const reason = 'she asked for it';

const unknown =
  (name: MedlaneOperation, more: Record<string, unknown> = {}): Scenario =>
  (scene) =>
    scene.ask(name, { id: nobody, ...more });

/** The four answers that every transition has. */
const transition = (
  name: MedlaneOperation,
  from: StepState,
  wrong: StepState,
  more: Record<string, unknown> = {},
): Record<'ok' | 'not_found' | 'invalid_transition' | 'stale', Scenario> => ({
  ok: async (scene) => scene.ask(name, { id: (await scene.newVisit(from)).id, ...more }),
  not_found: unknown(name, more),
  invalid_transition: async (scene) => scene.ask(name, { id: (await scene.newVisit(wrong)).id, ...more }),
  stale: async (scene) => {
    const { id, version } = await scene.newVisit(from);
    return scene.ask(name, { id, expectedVersion: version - 1, ...more });
  },
});

const withoutReason =
  (name: MedlaneOperation): Scenario =>
  async (scene) =>
    scene.ask(name, { id: (await scene.newVisit()).id });

export const visitScenarios: Group<'visits' | 'notes'> = {
  'notes.list': {
    ok: async (scene) => {
      const { id, patientId } = await scene.newVisit();
      await (await scene.as('doctor')).notes.save({ id, text: 'Seen.' });
      return scene.ask('notes.list', { id: patientId });
    },
    not_found: unknown('notes.list'),
  },
  'notes.save': {
    ok: async (scene) => scene.ask('notes.save', { id: (await scene.newVisit()).id, text: 'Seen.' }),
    not_found: unknown('notes.save', { text: 'Seen.' }),
    stale: async (scene) =>
      scene.ask('notes.save', { id: (await scene.newVisit()).id, text: 'Seen.', expectedVersion: 3 }),
  },
  'visits.issue': {
    ok: async (scene) =>
      scene.ask('visits.issue', { patientId: await scene.newPatient(), queueId: (await scene.newPlace()).queueId }),
    not_found: async (scene) =>
      scene.ask('visits.issue', { patientId: nobody, queueId: (await scene.newPlace()).queueId }),
    archived: async (scene) =>
      scene.ask('visits.issue', {
        patientId: await scene.newPatient('archived'),
        queueId: (await scene.newPlace()).queueId,
      }),
    queue_closed: async (scene) => {
      const { queueId } = await scene.newPlace();
      await (await scene.as('admin')).queues.setState({ id: queueId, state: 'closed' });
      return scene.ask('visits.issue', { patientId: await scene.newPatient(), queueId });
    },
    token_exists: async (scene) => {
      const { patientId, queueId } = await scene.newVisit();
      return scene.ask('visits.issue', { patientId, queueId });
    },
    superseded: async (scene) => {
      const [patientId, { queueId }] = [await scene.newPatient(), await scene.newPlace()];
      const supersedes = '01a1fe21-8c0d-75b8-b2a3-3a8c5d889f00';
      await scene.askAtDesk('visits.issueOffline', { patientId, queueId, number: 1, supersedes }, 'receptionist');
      const late = { 'Idempotency-Key': supersedes };
      return scene.askAtDesk('visits.issue', { patientId, queueId }, 'receptionist', late);
    },
  },
  'visits.issueOffline': {
    ok: async (scene) => {
      const [patientId, { queueId }] = [await scene.newPatient(), await scene.newPlace()];
      return scene.askAtDesk('visits.issueOffline', { patientId, queueId, number: 1 }, 'receptionist');
    },
    not_found: async (scene) =>
      scene.askAtDesk('visits.issueOffline', { patientId: nobody, queueId: nobody, number: 1 }, 'receptionist'),
    only_station: async (scene) => {
      const [patientId, { queueId }] = [await scene.newPatient(), await scene.newPlace()];
      return scene.ask('visits.issueOffline', { patientId, queueId, number: 1 });
    },
    label_taken: async (scene) => {
      const { queueId } = await scene.newPlace();
      const give = async () =>
        scene.askAtDesk(
          'visits.issueOffline',
          { patientId: await scene.newPatient(), queueId, number: 7 },
          'receptionist',
        );
      await give();
      return give();
    },
  },
  'visits.list': {
    ok: async (scene) => {
      const { queueId } = await scene.newVisit();
      return scene.ask('visits.list', { queueId, state: 'waiting,called' });
    },
  },
  'visits.get': {
    ok: async (scene) => scene.ask('visits.get', { id: (await scene.newVisit()).id }),
    not_found: unknown('visits.get'),
  },
  'visits.history': {
    ok: async (scene) => scene.ask('visits.history', { id: (await scene.newVisit('done')).id }),
    not_found: unknown('visits.history'),
  },
  'visits.why': {
    ok: async (scene) => scene.ask('visits.why', { id: (await scene.newVisit()).id }),
    not_found: unknown('visits.why'),
  },
  'visits.call': {
    ok: async (scene) => {
      const { id, roomId } = await scene.newVisit();
      return scene.ask('visits.call', { id, roomId });
    },
    not_found: unknown('visits.call', { roomId: nobody }),
    invalid_transition: async (scene) => {
      const { id, roomId } = await scene.newVisit('done');
      return scene.ask('visits.call', { id, roomId });
    },
    stale: async (scene) => {
      const { id, roomId } = await scene.newVisit();
      return scene.ask('visits.call', { id, roomId, stepId: 'another-step' });
    },
    reason_required: async (scene) => {
      const { queueId, roomId } = await scene.newVisit();
      const { id } = await scene.newVisit('waiting', { queueId, roomId });
      return scene.ask('visits.call', { id, roomId });
    },
    room_busy: async (scene) => {
      const { queueId, roomId } = await scene.newVisit('in_room');
      const { id } = await scene.newVisit('waiting', { queueId, roomId });
      return scene.ask('visits.call', { id, roomId });
    },
    room_not_serving: async (scene) =>
      scene.ask('visits.call', { id: (await scene.newVisit()).id, roomId: (await scene.newPlace()).roomId }),
    bound_elsewhere: async (scene) => {
      const { id, roomId } = await scene.newVisit();
      const other = await scene.newPlace();
      await (await scene.as('doctor')).visits.transfer({ id, roomId: other.roomId });
      return scene.ask('visits.call', { id, roomId });
    },
    queue_paused: async (scene) => {
      const { id, roomId, queueId } = await scene.newVisit();
      await (await scene.as('doctor')).queues.setState({ id: queueId, state: 'paused' });
      return scene.ask('visits.call', { id, roomId });
    },
  },
  'visits.recall': transition('visits.recall', 'called', 'waiting'),
  'visits.enter': transition('visits.enter', 'called', 'waiting'),
  'visits.finish': transition('visits.finish', 'in_room', 'called'),
  'visits.return': transition('visits.return', 'in_room', 'waiting'),
  'visits.noShow': transition('visits.noShow', 'called', 'in_room'),
  'visits.rejoin': transition('visits.rejoin', 'no_show', 'waiting'),
  'visits.park': {
    ...transition('visits.park', 'waiting', 'done', { reason }),
    reason_required: withoutReason('visits.park'),
  },
  'visits.resume': transition('visits.resume', 'parked', 'waiting'),
  'visits.transfer': {
    ok: async (scene) => {
      const { queueId } = await scene.newPlace();
      return scene.ask('visits.transfer', { id: (await scene.newVisit('in_room')).id, queueId });
    },
    not_found: unknown('visits.transfer'),
    invalid_transition: async (scene) => {
      const { queueId } = await scene.newPlace();
      return scene.ask('visits.transfer', { id: (await scene.newVisit('done')).id, queueId });
    },
    stale: async (scene) => {
      const { queueId } = await scene.newPlace();
      const { id, version } = await scene.newVisit('called');
      return scene.ask('visits.transfer', { id, queueId, expectedVersion: version - 1 });
    },
    queue_closed: async (scene) => {
      const { queueId } = await scene.newPlace();
      await (await scene.as('admin')).queues.setState({ id: queueId, state: 'closed' });
      return scene.ask('visits.transfer', { id: (await scene.newVisit()).id, queueId });
    },
    same_queue: async (scene) => {
      const { id, queueId } = await scene.newVisit();
      return scene.ask('visits.transfer', { id, queueId });
    },
  },
  'visits.cancel': {
    ...transition('visits.cancel', 'waiting', 'in_room', { reason }),
    reason_required: withoutReason('visits.cancel'),
  },
  'visits.correctPatient': {
    ok: async (scene) => {
      const { id } = await scene.newVisit('called');
      return scene.ask('visits.correctPatient', { id, patientId: await scene.newPatient(), reason });
    },
    not_found: async (scene) =>
      scene.ask('visits.correctPatient', { id: (await scene.newVisit()).id, patientId: nobody, reason }),
    stale: async (scene) => {
      const { id, version } = await scene.newVisit();
      const patientId = await scene.newPatient();
      return scene.ask('visits.correctPatient', { id, patientId, reason, expectedVersion: version + 1 });
    },
    archived: async (scene) => {
      const patientId = await scene.newPatient('archived');
      return scene.ask('visits.correctPatient', { id: (await scene.newVisit()).id, patientId, reason });
    },
  },
  'visits.undo': {
    ok: async (scene) => scene.ask('visits.undo', { id: (await scene.newVisit('called')).id }, { as: 'doctor' }),
    not_found: unknown('visits.undo'),
    stale: async (scene) => {
      // The call sent the one before away; they came back since, so the call cannot be taken back whole.
      const first = await scene.newVisit('called');
      const second = await scene.newVisit('waiting', first);
      const doctor = await scene.as('doctor');
      await doctor.visits.call({ id: second.id, roomId: first.roomId, current: 'no-show' });
      await doctor.visits.rejoin({ id: first.id });
      return scene.ask('visits.undo', { id: second.id }, { as: 'doctor' });
    },
    undo_expired: async (scene) => {
      const { id } = await scene.newVisit('called');
      scene.world.time.pass(60_001);
      return scene.ask('visits.undo', { id }, { as: 'doctor' });
    },
    room_busy: async (scene) => {
      const first = await scene.newVisit('in_room');
      await (await scene.as('doctor')).visits.finish({ id: first.id });
      await scene.newVisit('in_room', first);
      return scene.ask('visits.undo', { id: first.id }, { as: 'doctor' });
    },
    nothing_to_undo: async (scene) =>
      scene.ask('visits.undo', { id: (await scene.newVisit('called')).id }, { as: 'receptionist' }),
  },
};
