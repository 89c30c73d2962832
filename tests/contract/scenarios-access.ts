import { codeAt } from '../support/authenticator.ts';
import type { Reply } from './calls.ts';
import { appOwner, guessedAt, halfway, needed, someone, times, withApp, wrongCode } from './people.ts';
import { keyScenarios } from './scenarios-keys.ts';
import { byMailScenarios } from './scenarios-mail.ts';
import { type Group, late, type Scene, signIn } from './scenes.ts';

const nobody = 'nobody-has-this-id';

async function newApp(scene: Scene, attempts = 1): Promise<Reply> {
  const { token } = await signIn(scene, (await scene.newUser()).username);
  return times(attempts, () => scene.ask('secondFactor.confirm', wrongCode, { token }));
}

/** A second factor, where one is signed in, who signed in, and how safe the clinic is. */
export const accessScenarios: Group<'secondFactor' | 'sessions' | 'signIns' | 'security'> = {
  'secondFactor.get': { ok: (scene) => scene.ask('secondFactor.get') },
  'secondFactor.setUp': {
    ok: async (scene) => {
      const { username } = await scene.newUser('pharmacist');
      const ticket = await needed(scene, () => halfway(scene, username));
      return scene.ask('secondFactor.setUp', { ticket });
    },
    ticket_over: (scene) => scene.ask('secondFactor.setUp', { ticket: nobody }),
  },
  'secondFactor.begin': {
    step_up: late('secondFactor.begin'),
    ok: async (scene) => scene.ask('secondFactor.begin', {}, await someone(scene)),
  },
  'secondFactor.confirm': {
    step_up: late('secondFactor.confirm'),
    ok: async (scene) => {
      const { token } = await signIn(scene, (await scene.newUser()).username);
      const { secret } = (await scene.ask('secondFactor.begin', {}, { token })).body.data as { secret: string };
      return scene.ask('secondFactor.confirm', { code: codeAt(secret, scene.world.time.now) }, { token });
    },
    bad_code: (scene) => newApp(scene),
    locked_out: (scene) => newApp(scene, 5),
    blocked: async (scene) => scene.ask('secondFactor.confirm', wrongCode, await guessedAt(scene)),
  },
  ...keyScenarios,
  ...byMailScenarios,
  'secondFactor.recoveryCodes': {
    step_up: late('secondFactor.recoveryCodes'),
    ok: async (scene) => scene.ask('secondFactor.recoveryCodes', {}, await appOwner(scene)),
    no_factor: async (scene) => scene.ask('secondFactor.recoveryCodes', {}, await someone(scene)),
  },
  'secondFactor.remove': {
    step_up: late('secondFactor.remove'),
    ok: async (scene) => scene.ask('secondFactor.remove', {}, { token: (await withApp(scene)).token }),
    no_factor: async (scene) => scene.ask('secondFactor.remove', {}, await someone(scene)),
    factor_needed: async (scene) => {
      const { token } = await appOwner(scene);
      return needed(scene, () => scene.ask('secondFactor.remove', {}, { token }));
    },
  },
  'sessions.list': { ok: (scene) => scene.ask('sessions.list') },
  'sessions.end': {
    step_up: late('sessions.end'),
    ok: async (scene) => {
      const { token } = await signIn(scene, (await scene.newUser()).username);
      const { items } = (await scene.ask('sessions.list', {}, { token })).body.data as { items: { id: string }[] };
      return scene.ask('sessions.end', { id: items[0]?.id }, { token });
    },
    not_found: (scene) => scene.ask('sessions.end', { id: nobody }),
  },
  'sessions.endOthers': {
    step_up: late('sessions.endOthers'),
    ok: async (scene) => scene.ask('sessions.endOthers', {}, await someone(scene)),
  },
  'signIns.mine': { ok: async (scene) => scene.ask('signIns.mine', {}, await someone(scene)) },
  'signIns.list': { ok: (scene) => scene.ask('signIns.list', { outcome: 'bad_password', minRisk: 0 }) },
  'signIns.export': {
    step_up: late('signIns.export'),
    ok: (scene) => scene.ask('signIns.export'),
  },
  'security.now': { ok: (scene) => scene.ask('security.now') },
};
