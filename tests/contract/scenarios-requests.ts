import type { Raw } from './calls.ts';
import { branchAdmin, times } from './people.ts';
import { type Group, late, openScene, type Scene } from './scenes.ts';

const nobody = 'nobody-has-this-id';

const wish = (scene: Scene): Raw => ({
  ...{ username: scene.fresh('wisher'), name: 'Wisher', password: 'mango lassi at noon', roles: ['nurse'] },
});

/** Lets people ask, for as long as something is done. */
async function open<T>(scene: Scene, work: () => Promise<T>): Promise<T> {
  const admin = await scene.as('admin');
  await admin.settings.updateAccess({ selfRegistration: true });
  try {
    return await work();
  } finally {
    await admin.settings.updateAccess({ selfRegistration: false });
  }
}

/** Somebody who asks, and is not decided about. */
async function asking(scene: Scene, change: Raw = {}): Promise<string> {
  await open(scene, () => scene.ask('accountRequests.make', { ...wish(scene), ...change }));
  const { items } = await (await scene.as('admin')).accountRequests.list({ state: 'pending', limit: 1 });
  return items[0]?.id ?? '';
}

async function declined(scene: Scene): Promise<string> {
  const id = await asking(scene);
  await (await scene.as('admin')).accountRequests.decline({ id, reason: 'nobody knows them' });
  return id;
}

export const requestScenarios: Group<'accountRequests'> = {
  'accountRequests.make': {
    ok: (scene) => open(scene, () => scene.ask('accountRequests.make', wish(scene))),
    requests_closed: (scene) => scene.ask('accountRequests.make', wish(scene)),
    weak_password: (scene) =>
      open(scene, () => scene.ask('accountRequests.make', { ...wish(scene), password: 'aaaaaaaaaaaa' })),
    // In a clinic of its own: nobody else could ask after that.
    requests_full: async () => {
      const full = await openScene();
      try {
        return await open(full, () => times(21, () => full.ask('accountRequests.make', wish(full))));
      } finally {
        await full.world.close();
      }
    },
  },
  'accountRequests.list': {
    ok: async (scene) => {
      await asking(scene);
      return scene.ask('accountRequests.list', { state: 'pending' });
    },
  },
  'accountRequests.approve': {
    step_up: late('accountRequests.approve'),
    ok: async (scene) => scene.ask('accountRequests.approve', { id: await asking(scene), roles: ['nurse'] }),
    not_found: (scene) => scene.ask('accountRequests.approve', { id: nobody, roles: ['nurse'] }),
    settled: async (scene) => scene.ask('accountRequests.approve', { id: await declined(scene), roles: ['nurse'] }),
    name_taken: async (scene) =>
      scene.ask('accountRequests.approve', { id: await asking(scene, { username: 'Admin' }), roles: ['nurse'] }),
    outranked: async (scene) =>
      scene.ask('accountRequests.approve', { id: await asking(scene), roles: ['admin'] }, await branchAdmin(scene)),
  },
  'accountRequests.decline': {
    step_up: late('accountRequests.decline'),
    ok: async (scene) => scene.ask('accountRequests.decline', { id: await asking(scene), reason: 'nobody knows them' }),
    not_found: (scene) => scene.ask('accountRequests.decline', { id: nobody, reason: 'nobody knows them' }),
    settled: async (scene) => scene.ask('accountRequests.decline', { id: await declined(scene), reason: 'again' }),
  },
};
