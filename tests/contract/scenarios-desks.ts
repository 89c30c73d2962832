import type { Group, Scene } from './scenes.ts';

const hello = (protocol: number) => ({ protocol, appVersion: '1.0.0', unsent: 3 });

const report = async (scene: Scene) => {
  const { id: visitId, patientId } = await scene.newVisit();
  const input = { commandId: scene.fresh('command'), operation: 'visits.enter', refusal: 'stale', facts: {} };
  return scene.askAtDesk('sheet.report', { ...input, visitId, patientId }, 'doctor');
};
const reported = async (scene: Scene) => ((await report(scene)).body.data as { id: string }).id;

/** What desks and the server say to one another, and what they leave to people. */
export const deskScenarios: Group<'sync' | 'sheet'> = {
  'sync.hello': {
    ok: async (scene) => scene.askAtDesk('sync.hello', hello(1)),
    protocol_too_old: async (scene) => scene.askAtDesk('sync.hello', hello(-1)),
    protocol_too_new: async (scene) => scene.askAtDesk('sync.hello', hello(2)),
  },
  'sync.fill': {
    ok: async (scene) => {
      await scene.newVisit('called');
      return scene.askAtDesk('sync.fill');
    },
  },
  'sync.proof': {
    ok: async (scene) => scene.askAtDesk('sync.proof', { day: '2026-11-18' }),
  },
  'sync.since': {
    ok: async (scene) => {
      const { epoch, seq } = (await scene.askAtDesk('sync.hello', hello(1))).body.data as {
        epoch: string;
        seq: number;
      };
      await scene.newVisit('called');
      return scene.askAtDesk('sync.since', { since: seq, epoch });
    },
    feed_gap: async (scene) => scene.askAtDesk('sync.since', { since: 0, epoch: 'of another server' }),
  },
  'sheet.list': {
    ok: async (scene) => {
      await report(scene);
      return scene.ask('sheet.list', { settled: 'all' });
    },
  },
  'sheet.report': {
    ok: report,
    only_station: async (scene) =>
      scene.ask('sheet.report', {
        ...{ commandId: 'x', operation: 'visits.enter', refusal: 'stale', facts: {} },
        ...{ visitId: null, patientId: null },
      }),
  },
  'sheet.settle': {
    ok: async (scene) => scene.ask('sheet.settle', { id: await reported(scene), note: 'She was in room 2.' }),
    not_found: async (scene) => scene.ask('sheet.settle', { id: 'nobody-has-this-id', note: 'x' }),
    settled: async (scene) => {
      const id = await reported(scene);
      await scene.ask('sheet.settle', { id, note: 'once' });
      return scene.ask('sheet.settle', { id, note: 'twice' });
    },
  },
};
