import { type Group, idOf, late, type Scene, signIn } from './scenes.ts';

const nobody = 'nobody-has-this-id';

let made = 0;
/** A code that no other branch has. */
const newCode = () => `B${++made}`;

/** A second branch; one in each scene. */
const newBranch = async (scene: Scene): Promise<string> =>
  idOf(await scene.ask('branches.create', { code: newCode(), name: 'By the river' }));

/** Whoever is above all branches, in a sign-in of their own. */
async function superAdmin(scene: Scene): Promise<{ token: string }> {
  const { username } = await scene.newUser('super_admin');
  return signIn(scene, username);
}

export const branchScenarios: Group<'branches'> = {
  'branches.list': { ok: (scene) => scene.ask('branches.list') },
  'branches.create': {
    step_up: late('branches.create'),
    ok: (scene) => scene.ask('branches.create', { code: newCode(), name: 'By the river', timeZone: 'Asia/Manila' }),
    branch_code_taken: (scene) => scene.ask('branches.create', { code: 'main', name: 'By the river' }),
  },
  'branches.enter': {
    ok: async (scene) => scene.ask('branches.enter', { id: await newBranch(scene) }, await superAdmin(scene)),
    not_found: async (scene) => scene.ask('branches.enter', { id: nobody }, await superAdmin(scene)),
    only_elsewhere: async (scene) => scene.askAtDesk('branches.enter', { id: await newBranch(scene) }, 'admin'),
  },
};
