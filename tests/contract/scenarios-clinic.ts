import { PASSWORD } from '../support/clinic.ts';
import { ask } from './calls.ts';
import { askFromElsewhere, type Group, idOf, jobEnded, late, onEmptyServer, signIn } from './scenes.ts';

const CLINIC = {
  clinic: 'New Clinic',
  timeZone: 'Asia/Manila',
  administrator: { name: 'First', username: 'first', password: PASSWORD },
};

/** The clinic itself: set-up, settings, changes, audit, backups. */
export const clinicScenarios: Group<'system' | 'setup' | 'settings' | 'changes' | 'audit' | 'backups'> = {
  'system.health': { ok: (scene) => scene.ask('system.health') },
  'system.now': {
    ok: async (scene) => {
      await scene.newVisit();
      return scene.ask('system.now');
    },
  },
  'system.connections': { ok: (scene) => scene.ask('system.connections') },
  'setup.state': { ok: (scene) => scene.ask('setup.state') },
  'setup.host': {
    ok: () => onEmptyServer((empty) => ask(empty.url, 'setup.host', CLINIC)),
    already_set_up: (scene) => scene.ask('setup.host', CLINIC),
    only_here: () => onEmptyServer((empty) => askFromElsewhere(empty, 'setup.host', CLINIC)),
    weak_password: () =>
      onEmptyServer((empty) =>
        ask(empty.url, 'setup.host', {
          ...CLINIC,
          administrator: { ...CLINIC.administrator, password: 'password123' },
        }),
      ),
  },
  'setup.demo': {
    ok: () => onEmptyServer((empty) => ask(empty.url, 'setup.demo', {})),
    already_set_up: (scene) => scene.ask('setup.demo'),
    only_here: () => onEmptyServer((empty) => askFromElsewhere(empty, 'setup.demo', {})),
  },
  'settings.get': { ok: (scene) => scene.ask('settings.get', {}, { as: 'display' }) },
  'settings.update': {
    ok: (scene) => scene.ask('settings.update', { clinic: 'Test Clinic', backupFolder: null }),
    stale: (scene) => scene.ask('settings.update', { clinic: 'Other', expectedVersion: 0 }),
  },
  'settings.updateAccess': {
    step_up: late('settings.updateAccess'),
    ok: (scene) => scene.ask('settings.updateAccess', { signInsKeptDays: 90, oneSignIn: false }),
    stale: (scene) => scene.ask('settings.updateAccess', { oneSignIn: true, expectedVersion: 0 }),
  },
  'settings.updateDocuments': {
    step_up: late('settings.updateDocuments'),
    ok: (scene) => scene.ask('settings.updateDocuments', { staffDocuments: ['in_pan', 'address_proof'] }),
    stale: (scene) => scene.ask('settings.updateDocuments', { patientDocuments: [], expectedVersion: 0 }),
  },
  'changes.since': {
    ok: async (scene) => {
      await scene.newVisit('called');
      return scene.ask('changes.since', { since: 0, rows: true, limit: 1000 });
    },
    feed_gap: (scene) => scene.ask('changes.since', { since: 0, epoch: 'before-the-restore' }),
  },
  'audit.list': {
    ok: async (scene) => {
      await scene.newVisit('done');
      return scene.ask('audit.list', { limit: 500, sort: 'seq' });
    },
  },
  'audit.export': {
    other_branches: async (scene) => {
      await scene.ask('branches.create', { code: 'AUD', name: 'By the river' });
      const { username } = await scene.newUser('admin');
      return scene.ask('audit.export', {}, await signIn(scene, username));
    },
    step_up: late('audit.export'),
    ok: async (scene) => {
      await scene.newVisit();
      return scene.ask('audit.export', { format: 'json' });
    },
  },
  'audit.verify': { ok: (scene) => scene.ask('audit.verify') },
  'audit.checkpoints': { ok: (scene) => scene.ask('audit.checkpoints') },
  'backups.list': {
    ok: async (scene) => {
      await jobEnded(scene, idOf(await scene.ask('backups.start')));
      return scene.ask('backups.list');
    },
  },
  'backups.start': { ok: (scene) => scene.ask('backups.start') },
  'backups.recoveryKit': {
    step_up: late('backups.recoveryKit'),
    ok: (scene) => scene.ask('backups.recoveryKit'),
    only_here: async (scene) =>
      askFromElsewhere(scene.world, 'backups.recoveryKit', {}, await scene.world.token('admin')),
  },
};
