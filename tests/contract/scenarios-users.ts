import { PASSWORD } from '../support/clinic.ts';
import type { Raw, Reply } from './calls.ts';
import { branchAdmin, withApp } from './people.ts';
import { type Group, late, type Scene } from './scenes.ts';

const nobody = 'nobody-has-this-id';

/** Tried by an administrator of the branch on somebody of their own rank. */
async function asBranchAdmin(scene: Scene, name: Parameters<Scene['ask']>[0], input: Raw = {}): Promise<Reply> {
  const { id } = await scene.newUser('admin');
  return scene.ask(name, { id, ...input }, await branchAdmin(scene));
}

/** Tried on oneself. */
async function onOneself(scene: Scene, name: Parameters<Scene['ask']>[0], input: Raw = {}): Promise<Reply> {
  const { id } = await (await scene.as('admin')).auth.me();
  return scene.ask(name, { id, ...input });
}

const audit = { feature: 'audit', level: 'read' } as const;

/** Somebody with a right beyond their role. */
async function granted(scene: Scene): Promise<Raw> {
  const { id } = await scene.newUser();
  await (await scene.as('admin')).users.grant({ id, ...audit });
  return { id, feature: 'audit' };
}

/** Accounts, and what they may do. */
export const userScenarios: Group<'users' | 'rights'> = {
  'users.list': {
    ok: async (scene) => {
      await scene.newUser();
      return scene.ask('users.list', { role: 'nurse' });
    },
  },
  'users.export': {
    step_up: late('users.export'),
    ok: (scene) => scene.ask('users.export', { role: 'admin', active: true }),
  },
  'users.staff': {
    ok: async (scene) => {
      await scene.newUser('doctor', 'nurse');
      return scene.ask('users.staff', {}, { as: 'receptionist' });
    },
  },
  'users.picture': {
    ok: async (scene) => scene.ask('users.picture', { id: (await scene.newUser()).id }),
    not_found: (scene) => scene.ask('users.picture', { id: 'nobody-has-this-id' }),
  },
  'users.create': {
    outranked: async (scene) =>
      scene.ask(
        'users.create',
        { username: scene.fresh('new'), name: 'New Boss', password: PASSWORD, roles: ['admin'] },
        await branchAdmin(scene),
      ),
    step_up: late('users.create'),
    ok: (scene) =>
      scene.ask('users.create', {
        username: scene.fresh('new'),
        name: 'New Person',
        password: PASSWORD,
        roles: ['doctor', 'nurse'],
      }),
    name_taken: (scene) =>
      scene.ask('users.create', { username: 'ADMIN', name: 'Second', password: PASSWORD, roles: ['nurse'] }),
    weak_password: (scene) =>
      scene.ask('users.create', { username: scene.fresh('new'), name: 'Weak', password: 'short', roles: ['nurse'] }),
    not_found: (scene) =>
      scene.ask('users.create', {
        username: scene.fresh('wall'),
        name: 'Wall',
        password: PASSWORD,
        roles: ['display'],
        boardId: nobody,
      }),
  },
  'users.update': {
    outranked: (scene) => asBranchAdmin(scene, 'users.update', { name: 'Renamed' }),
    own_rights: async (scene) => {
      const { id } = await (await scene.as('admin')).auth.me();
      return scene.ask('users.update', { id, roles: ['nurse'] });
    },
    step_up: late('users.update'),
    ok: async (scene) => scene.ask('users.update', { id: (await scene.newUser()).id, name: 'Renamed', unlock: true }),
    not_found: (scene) => scene.ask('users.update', { id: nobody, name: 'Renamed' }),
    name_taken: async (scene) => {
      const email = `${scene.fresh('same')}@clinic.example`;
      await scene.ask('users.update', { id: (await scene.newUser()).id, email });
      return scene.ask('users.update', { id: (await scene.newUser()).id, email: email.toUpperCase() });
    },
    stale: async (scene) => {
      const { id, version } = await scene.newUser();
      return scene.ask('users.update', { id, name: 'Renamed', expectedVersion: version + 1 });
    },
  },
  'users.resetCode': {
    outranked: (scene) => asBranchAdmin(scene, 'users.resetCode'),
    step_up: late('users.resetCode'),
    ok: async (scene) => scene.ask('users.resetCode', { id: (await scene.newUser()).id }),
    not_found: (scene) => scene.ask('users.resetCode', { id: nobody }),
  },
  'users.signOut': {
    outranked: (scene) => asBranchAdmin(scene, 'users.signOut'),
    ok: async (scene) => scene.ask('users.signOut', { id: (await scene.newUser()).id }),
    not_found: (scene) => scene.ask('users.signOut', { id: nobody }),
  },
  'users.resetSecondFactor': {
    outranked: (scene) => asBranchAdmin(scene, 'users.resetSecondFactor'),
    step_up: late('users.resetSecondFactor'),
    ok: async (scene) => scene.ask('users.resetSecondFactor', { id: (await withApp(scene)).id }),
    not_found: (scene) => scene.ask('users.resetSecondFactor', { id: nobody }),
    no_factor: async (scene) => scene.ask('users.resetSecondFactor', { id: (await scene.newUser()).id }),
  },
  'users.setPassword': {
    outranked: (scene) => asBranchAdmin(scene, 'users.setPassword', { password: 'another horse 43' }),
    step_up: late('users.setPassword'),
    ok: async (scene) =>
      scene.ask('users.setPassword', { id: (await scene.newUser()).id, password: 'another horse 43' }),
    not_found: (scene) => scene.ask('users.setPassword', { id: nobody, password: 'another horse 43' }),
    weak_password: async (scene) =>
      scene.ask('users.setPassword', { id: (await scene.newUser()).id, password: 'aaaaaaaaaaaa' }),
  },
  'users.grant': {
    step_up: late('users.grant'),
    ok: async (scene) => scene.ask('users.grant', { id: (await scene.newUser()).id, ...audit }),
    not_found: async (scene) =>
      scene.ask('users.grant', { id: (await scene.newUser()).id, feature: 'nothing-of-ours', level: 'read' }),
    outranked: (scene) => asBranchAdmin(scene, 'users.grant', audit),
    own_rights: (scene) => onOneself(scene, 'users.grant', audit),
    beyond_rights: async (scene) =>
      scene.ask(
        'users.grant',
        { id: (await scene.newUser()).id, feature: 'backups', level: 'full' },
        await branchAdmin(scene),
      ),
  },
  'users.revoke': {
    step_up: late('users.revoke'),
    ok: async (scene) => scene.ask('users.revoke', await granted(scene)),
    not_found: async (scene) => scene.ask('users.revoke', { id: (await scene.newUser()).id, feature: 'audit' }),
    outranked: (scene) => asBranchAdmin(scene, 'users.revoke', { feature: 'audit' }),
    own_rights: (scene) => onOneself(scene, 'users.revoke', { feature: 'audit' }),
  },
  'users.suspend': {
    step_up: late('users.suspend'),
    ok: async (scene) => scene.ask('users.suspend', { id: (await scene.newUser()).id, reason: 'left the keys' }),
    not_found: (scene) => scene.ask('users.suspend', { id: nobody, reason: 'left the keys' }),
    outranked: (scene) => asBranchAdmin(scene, 'users.suspend', { reason: 'left the keys' }),
    own_rights: (scene) => onOneself(scene, 'users.suspend', { reason: 'left the keys' }),
  },
  'users.letIn': {
    step_up: late('users.letIn'),
    ok: async (scene) => {
      const { id } = await scene.newUser();
      await scene.ask('users.suspend', { id, reason: 'left the keys' });
      return scene.ask('users.letIn', { id });
    },
    not_found: async (scene) => scene.ask('users.letIn', { id: (await scene.newUser()).id }),
    outranked: (scene) => asBranchAdmin(scene, 'users.letIn'),
    own_rights: (scene) => onOneself(scene, 'users.letIn'),
  },
  'rights.list': {
    ok: async (scene) => {
      await granted(scene);
      return scene.ask('rights.list');
    },
  },
};
