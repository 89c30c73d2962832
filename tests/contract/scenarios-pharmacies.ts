import { type Group, idOf, type Scene } from './scenes.ts';

const create = (scene: Scene, licence = scene.fresh('DL')) =>
  scene.ask('pharmacies.create', { name: 'Green Cross', licence });

/** The pharmacies that a branch works with. */
export const pharmacyScenarios: Group<'pharmacies'> = {
  'pharmacies.list': { ok: (scene) => scene.ask('pharmacies.list') },
  'pharmacies.create': {
    ok: (scene) => create(scene),
    licence_taken: async (scene) => {
      await create(scene, 'dl 2026 17');
      return create(scene, 'DL-2026/17');
    },
  },
  'pharmacies.update': {
    ok: async (scene) => scene.ask('pharmacies.update', { id: idOf(await create(scene)), name: 'Blue Cross' }),
    not_found: (scene) => scene.ask('pharmacies.update', { id: 'nobody-has-this-id', active: false }),
    licence_taken: async (scene) => {
      await create(scene, 'DL-TAKEN');
      return scene.ask('pharmacies.update', { id: idOf(await create(scene)), licence: 'dl taken' });
    },
    stale: async (scene) => scene.ask('pharmacies.update', { id: idOf(await create(scene)), expectedVersion: 7 }),
  },
};
