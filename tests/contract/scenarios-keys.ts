import { securityKey } from '../support/security-key.ts';
import { EXAMPLES } from './examples.ts';
import { needed } from './people.ts';
import { type Group, late, type Scene, signIn } from './scenes.ts';

const origin = ({ world }: Scene) => world.url.replace('127.0.0.1', 'localhost');
const example = EXAMPLES['secondFactor.addKey'];

/** Somebody signed in, on a page whose address has a name: keys answer to no other. */
async function keyOwner(scene: Scene, { keys = 1 } = {}) {
  const { token } = await signIn(scene, (await scene.newUser('pharmacist')).username);
  const options = { token, named: true };
  const add = async () => {
    const key = securityKey();
    const { body } = await scene.ask('secondFactor.keyOptions', {}, options);
    const made = key.make(body.data as Parameters<typeof key.make>[0], origin(scene));
    return scene.ask('secondFactor.addKey', { name: 'Blue key', key: made }, options);
  };
  for (let left = keys; left > 0; left -= 1) await add();
  const id = async () => {
    const { body } = await scene.ask('secondFactor.get', {}, options);
    return (body.data as { keys: { id: string }[] }).keys[0]?.id;
  };
  return { options, add, id };
}

type Keys = `secondFactor.${'keyOptions' | 'addKey' | 'removeKey' | 'askKey'}`;

/** Security keys of one's own. */
export const keyScenarios: Pick<Group<'secondFactor'>, Keys> = {
  'secondFactor.keyOptions': {
    ok: async (scene) => scene.ask('secondFactor.keyOptions', {}, (await keyOwner(scene, { keys: 0 })).options),
    key_not_here: (scene) => scene.ask('secondFactor.keyOptions'),
    step_up: late('secondFactor.keyOptions'),
  },
  'secondFactor.addKey': {
    ok: async (scene) => (await keyOwner(scene, { keys: 0 })).add(),
    key_not_here: (scene) => scene.ask('secondFactor.addKey', example),
    bad_key: async (scene) => scene.ask('secondFactor.addKey', example, (await keyOwner(scene, { keys: 0 })).options),
    too_many_keys: async (scene) =>
      scene.ask('secondFactor.addKey', example, (await keyOwner(scene, { keys: 10 })).options),
    step_up: late('secondFactor.addKey'),
  },
  'secondFactor.removeKey': {
    ok: async (scene) => {
      const { options, id } = await keyOwner(scene);
      return scene.ask('secondFactor.removeKey', { id: await id() }, options);
    },
    not_found: (scene) => scene.ask('secondFactor.removeKey', { id: 'nobody-has-this-id' }),
    factor_needed: async (scene) => {
      const { options, id } = await keyOwner(scene);
      return needed(scene, async () => scene.ask('secondFactor.removeKey', { id: await id() }, options));
    },
    step_up: late('secondFactor.removeKey'),
  },
  'secondFactor.askKey': {
    ok: async (scene) => scene.ask('secondFactor.askKey', {}, (await keyOwner(scene)).options),
    ticket_over: (scene) => scene.ask('secondFactor.askKey', { ticket: 'nobody-has-this-ticket' }),
    key_not_here: (scene) => scene.ask('secondFactor.askKey'),
  },
};
