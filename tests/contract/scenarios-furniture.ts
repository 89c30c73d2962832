import type { Group } from './scenes.ts';

const nobody = 'nobody-has-this-id';

/** Queues, rooms and boards. */
export const furnitureScenarios: Group<'queues' | 'rooms' | 'boards'> = {
  'queues.list': {
    ok: async (scene) => {
      await scene.newVisit();
      return scene.ask('queues.list');
    },
  },
  'queues.create': {
    ok: async (scene) => scene.ask('queues.create', { code: 'qqq', name: scene.fresh('Eye clinic') }),
    name_taken: async (scene) => scene.ask('queues.create', { code: 'A', name: scene.fresh('Another') }),
  },
  'queues.update': {
    ok: async (scene) => scene.ask('queues.update', { id: (await scene.newPlace()).queueId, returnTo: 'end' }),
    not_found: (scene) => scene.ask('queues.update', { id: nobody, rejoinAfter: 1 }),
    name_taken: async (scene) => scene.ask('queues.update', { id: (await scene.newPlace()).queueId, name: 'GENERAL' }),
    stale: async (scene) =>
      scene.ask('queues.update', { id: (await scene.newPlace()).queueId, rejoinAfter: 1, expectedVersion: 7 }),
  },
  'queues.setState': {
    ok: async (scene) => scene.ask('queues.setState', { id: (await scene.newPlace()).queueId, state: 'paused' }),
    not_found: (scene) => scene.ask('queues.setState', { id: nobody, state: 'open' }),
  },
  'queues.callNext': {
    ok: async (scene) => {
      const { queueId, roomId } = await scene.newVisit();
      return scene.ask('queues.callNext', { id: queueId, roomId });
    },
    not_found: async (scene) => scene.ask('queues.callNext', { id: nobody, roomId: (await scene.newPlace()).roomId }),
    queue_empty: async (scene) => {
      const { queueId, roomId } = await scene.newPlace();
      return scene.ask('queues.callNext', { id: queueId, roomId });
    },
    queue_paused: async (scene) => {
      const { queueId, roomId } = await scene.newVisit();
      await (await scene.as('doctor')).queues.setState({ id: queueId, state: 'paused' });
      return scene.ask('queues.callNext', { id: queueId, roomId });
    },
    room_busy: async (scene) => {
      const place = await scene.newVisit('in_room');
      await scene.newVisit('waiting', place);
      return scene.ask('queues.callNext', { id: place.queueId, roomId: place.roomId });
    },
    room_not_serving: async (scene) =>
      scene.ask('queues.callNext', { id: (await scene.newVisit()).queueId, roomId: (await scene.newPlace()).roomId }),
    invalid_transition: async (scene) => {
      const place = await scene.newVisit('in_room');
      await scene.newVisit('waiting', place);
      return scene.ask('queues.callNext', { id: place.queueId, roomId: place.roomId, current: 'no-show' });
    },
  },
  'rooms.list': {
    ok: async (scene) => {
      await scene.newVisit('called');
      return scene.ask('rooms.list');
    },
  },
  'rooms.create': {
    ok: (scene) => scene.ask('rooms.create', { name: scene.fresh('Room'), queueIds: [] }),
    name_taken: (scene) => scene.ask('rooms.create', { name: 'ROOM 1', queueIds: [] }),
    not_found: (scene) => scene.ask('rooms.create', { name: scene.fresh('Room'), queueIds: [nobody] }),
  },
  'rooms.update': {
    ok: async (scene) => scene.ask('rooms.update', { id: (await scene.newPlace()).roomId, capacity: 3 }),
    not_found: (scene) => scene.ask('rooms.update', { id: nobody, capacity: 3 }),
    name_taken: async (scene) => scene.ask('rooms.update', { id: (await scene.newPlace()).roomId, name: 'room 1' }),
    stale: async (scene) =>
      scene.ask('rooms.update', { id: (await scene.newPlace()).roomId, capacity: 3, expectedVersion: 7 }),
  },
  'rooms.work': {
    ok: async (scene) => scene.ask('rooms.work', { id: (await scene.newPlace()).roomId }),
    not_found: (scene) => scene.ask('rooms.work', { id: nobody }),
  },
  'rooms.leave': {
    ok: async (scene) => scene.ask('rooms.leave', { id: (await scene.newPlace()).roomId }),
    not_found: (scene) => scene.ask('rooms.leave', { id: nobody }),
  },
  'boards.list': { ok: (scene) => scene.ask('boards.list') },
  'boards.get': {
    ok: async (scene) => {
      const { queueId } = await scene.newVisit('called');
      const admin = await scene.as('admin');
      const { id } = await admin.boards.create({ name: 'Hall', names: 'first', queueIds: [queueId] });
      return scene.ask('boards.get', { id });
    },
    not_found: (scene) => scene.ask('boards.get', { id: nobody }),
  },
  'boards.create': {
    ok: (scene) => scene.ask('boards.create', { name: 'Corridor', queueIds: [], notice: 'Please wait here.' }),
    not_found: (scene) => scene.ask('boards.create', { name: 'Corridor', queueIds: [nobody] }),
  },
  'boards.update': {
    ok: async (scene) => {
      const { id } = await (await scene.as('admin')).boards.create({ name: 'Stairs', queueIds: [] });
      return scene.ask('boards.update', { id, notice: 'Closed at noon.' });
    },
    not_found: (scene) => scene.ask('boards.update', { id: nobody, name: 'Stairs' }),
    stale: async (scene) => {
      const { id } = await (await scene.as('admin')).boards.create({ name: 'Stairs', queueIds: [] });
      return scene.ask('boards.update', { id, name: 'Cellar', expectedVersion: 7 });
    },
  },
  'boards.acknowledge': {
    ok: async (scene) => {
      const { queueId } = await scene.newVisit('called');
      const admin = await scene.as('admin');
      const { id } = await admin.boards.create({ name: 'Hall', queueIds: [queueId] });
      const [call] = (await admin.boards.get({ id })).calls;
      return scene.ask('boards.acknowledge', { id, callSeq: call?.callSeq, spoken: true }, { as: 'admin' });
    },
    not_found: (scene) => scene.ask('boards.acknowledge', { id: nobody, callSeq: 1 }),
  },
};
