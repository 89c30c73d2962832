import { PASSWORD } from '../support/clinic.ts';
import type { Reply } from './calls.ts';
import { appOwner, guessedAt, halfway, nearlyBlocked, someone, times, WRONG, withApp, wrongCode } from './people.ts';
import { authByMailScenarios } from './scenarios-mail.ts';
import { type Group, type Scene, signIn } from './scenes.ts';

const nobody = 'nobody-has-this-id';
const BROWSER = { 'User-Agent': 'Mozilla/5.0 (test)' };

/** A browser's cookies after signing in. */
async function browserCookies(scene: Scene, username: string): Promise<string> {
  const login = await scene.ask('auth.login', { identifier: username, password: PASSWORD }, { headers: BROWSER });
  return login.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

async function changePassword(scene: Scene, input: Record<string, string>, attempts = 1): Promise<Reply> {
  const { username } = await scene.newUser();
  const { token } = await signIn(scene, username);
  return times(attempts, () => scene.ask('auth.changePassword', input, { token }));
}

async function setPin(scene: Scene, input: Record<string, unknown>, attempts = 1): Promise<Reply> {
  const { username } = await scene.newUser();
  const { token } = await signIn(scene, username);
  return times(attempts, () => scene.ask('auth.setPin', input, { token }));
}

async function unlock(scene: Scene, input: Record<string, unknown>, attempts = 1): Promise<Reply> {
  const { username } = await scene.newUser();
  const { token } = await signIn(scene, username);
  return times(attempts, () => scene.ask('auth.unlock', input, { token }));
}

/** Somebody with an app, six minutes after they proved it. */
const unproved =
  (name: 'auth.setPin' | 'auth.changePassword', input: Record<string, string>) =>
  async (scene: Scene): Promise<Reply> => {
    const { token } = await appOwner(scene);
    const { time } = scene.world;
    time.pass(6 * 60_000);
    const reply = await scene.ask(name, input, { token });
    time.pass(-6 * 60_000);
    return reply;
  };

/** Somebody with the PIN 2580 signed in on a browser; now this PIN is typed there. */
async function switchBack(scene: Scene, pin: string): Promise<Reply> {
  const { id, username } = await scene.newUser();
  const cookie = await browserCookies(scene, username);
  const { token } = await signIn(scene, username);
  await scene.ask('auth.setPin', { password: PASSWORD, pin: '2580' }, { token });
  return scene.ask('auth.switch', { userId: id, pin }, { headers: { ...BROWSER, Cookie: cookie } });
}

/** Somebody who signed in at the desk with the server, and then without it, is handed in by the desk. */
async function resume(scene: Scene, meanwhile: (user: { id: string; username: string }) => Promise<unknown>) {
  const user = await scene.newUser();
  const given = { identifier: user.username, password: PASSWORD, delivery: 'body' };
  const { vouch } = (await scene.askAtDesk('auth.login', given)).body.data as { vouch: string };
  await meanwhile(user);
  const at = Number(vouch.split('.')[0]) + 1000;
  return scene.askAtDesk('auth.resume', { userId: user.id, vouch, at, how: 'password' });
}

/** The second step of a sign-in, so often by a wrong code. */
async function secondStep(scene: Scene, wrong: number): Promise<Reply> {
  const { username, code } = await withApp(scene);
  const ticket = await halfway(scene, username);
  const step = (given: string) => scene.ask('auth.secondFactor', { ticket, code: given });
  return wrong > 0 ? times(wrong, () => step(wrongCode.code)) : step(code());
}

/** Somebody who forgot the password, with the code that an administrator gave them. */
async function resetPassword(
  scene: Scene,
  password: string,
  meanwhile: (who: { id: string; ask: (code: string) => Promise<Reply> }) => Promise<unknown> = async () => undefined,
): Promise<Reply> {
  const { id, username } = await scene.newUser();
  const { code } = await (await scene.as('admin')).users.resetCode({ id });
  const ask = (typed: string) => scene.ask('auth.resetPassword', { identifier: username, code: typed, password });
  await meanwhile({ id, ask });
  return ask(code);
}

/** Somebody whose password an administrator made up. */
async function withGivenPassword(scene: Scene) {
  const { id, username } = await scene.newUser();
  await (await scene.as('admin')).users.setPassword({ id, password: 'given horse 44', passwordGiven: true });
  return { identifier: username, password: 'given horse 44' };
}

async function choosePassword(scene: Scene, password: string): Promise<Reply> {
  const { body } = await scene.ask('auth.login', await withGivenPassword(scene));
  return scene.ask('auth.choosePassword', { ticket: String(body.error?.facts?.['ticket']), password });
}

/** Signing in. */
export const peopleScenarios: Group<'auth'> = {
  'auth.login': {
    ok: async (scene) =>
      scene.ask('auth.login', { identifier: (await scene.newUser()).username.toUpperCase(), password: PASSWORD }),
    bad_credentials: (scene) => scene.ask('auth.login', { identifier: 'nobody-at-all', password: PASSWORD }),
    locked_out: async (scene) => {
      const { username } = await scene.newUser();
      return times(5, () => scene.ask('auth.login', { identifier: username, password: WRONG }));
    },
    blocked: async (scene) => {
      const { id, username } = await scene.newUser();
      await (await scene.as('admin')).users.update({ id, active: false });
      return scene.ask('auth.login', { identifier: username, password: PASSWORD });
    },
    suspended: async (scene) => {
      const { id, username } = await scene.newUser();
      await (await scene.as('admin')).users.suspend({ id, reason: 'left the keys' });
      return scene.ask('auth.login', { identifier: username, password: PASSWORD });
    },
    not_from_here: async (scene) => {
      const { id, username } = await scene.newUser();
      await (await scene.as('admin')).users.update({ id, platforms: ['desktop'] });
      return scene.ask('auth.login', { identifier: username, password: PASSWORD });
    },
    choose_password: async (scene) => scene.ask('auth.login', await withGivenPassword(scene)),
    second_factor: async (scene) =>
      scene.ask('auth.login', { identifier: (await appOwner(scene)).username, password: PASSWORD }),
  },
  'auth.secondFactor': {
    ok: (scene) => secondStep(scene, 0),
    bad_code: (scene) => secondStep(scene, 1),
    ticket_over: (scene) => scene.ask('auth.secondFactor', { ticket: nobody, ...wrongCode }),
    locked_out: (scene) => secondStep(scene, 5),
    not_from_here: async (scene) => {
      const { id, username, code } = await withApp(scene);
      const ticket = await halfway(scene, username);
      await (await scene.as('admin')).users.update({ id, platforms: ['desktop'] });
      return scene.ask('auth.secondFactor', { ticket, code: code() });
    },
    blocked: async (scene) => {
      const ticket = await nearlyBlocked(scene);
      scene.world.time.pass(2 * 3_600_000);
      const reply = await times(5, () => scene.ask('auth.secondFactor', { ticket, ...wrongCode }));
      scene.world.time.pass(-2 * 3_600_000);
      return reply;
    },
  },
  'auth.choosePassword': {
    ok: (scene) => choosePassword(scene, 'another horse 43'),
    weak_password: (scene) => choosePassword(scene, 'aaaaaaaaaaaa'),
    ticket_over: (scene) => scene.ask('auth.choosePassword', { ticket: nobody, password: 'another horse 43' }),
  },
  ...authByMailScenarios,
  'auth.stepUp': {
    ok: async (scene) => {
      const { token, code } = await appOwner(scene);
      return scene.ask('auth.stepUp', { password: PASSWORD, code: code() }, { token });
    },
    bad_credentials: async (scene) => scene.ask('auth.stepUp', { password: WRONG }, await someone(scene)),
    bad_code: async (scene) => scene.ask('auth.stepUp', { password: PASSWORD, ...wrongCode }, await appOwner(scene)),
    locked_out: async (scene) => {
      const { token } = await signIn(scene, (await scene.newUser()).username);
      return times(5, () => scene.ask('auth.stepUp', { password: WRONG }, { token }));
    },
    blocked: async (scene) => scene.ask('auth.stepUp', { password: PASSWORD }, await guessedAt(scene)),
  },
  'auth.refresh': {
    ok: async (scene) => {
      const { refreshToken } = await signIn(scene, (await scene.newUser()).username);
      return scene.ask('auth.refresh', { refreshToken });
    },
    session_ended: async (scene) => {
      const { token, refreshToken } = await signIn(scene, (await scene.newUser()).username);
      await scene.ask('auth.logout', {}, { token });
      return scene.ask('auth.refresh', { refreshToken });
    },
    csrf: async (scene) =>
      scene.ask(
        'auth.refresh',
        {},
        { headers: { ...BROWSER, Cookie: await browserCookies(scene, (await scene.newUser()).username) } },
      ),
  },
  'auth.resume': {
    ok: (scene) => resume(scene, async () => undefined),
    session_ended: (scene) =>
      resume(scene, async ({ id }) =>
        (await scene.as('admin')).users.setPassword({ id, password: 'another horse 43' }),
      ),
    locked_out: (scene) =>
      resume(scene, async ({ username }) =>
        times(5, () => scene.askAtDesk('auth.login', { identifier: username, password: WRONG })),
      ),
    blocked: (scene) => resume(scene, async ({ id }) => (await scene.as('admin')).users.update({ id, active: false })),
    suspended: (scene) =>
      resume(scene, async ({ id }) => (await scene.as('admin')).users.suspend({ id, reason: 'left the keys' })),
  },
  'auth.logout': {
    ok: async (scene) => {
      const { token } = await signIn(scene, (await scene.newUser()).username);
      return scene.ask('auth.logout', {}, { token });
    },
  },
  'auth.me': { ok: (scene) => scene.ask('auth.me') },
  'auth.setPin': {
    ok: (scene) => setPin(scene, { password: PASSWORD, pin: '2580' }),
    bad_credentials: (scene) => setPin(scene, { password: WRONG, pin: '2580' }),
    locked_out: (scene) => setPin(scene, { password: WRONG, pin: null }, 5),
    blocked: async (scene) => scene.ask('auth.setPin', { password: PASSWORD, pin: null }, await guessedAt(scene)),
    step_up: unproved('auth.setPin', { password: PASSWORD, pin: '2580' }),
  },
  'auth.people': { ok: (scene) => scene.ask('auth.people') },
  'auth.switch': {
    ok: (scene) => switchBack(scene, '2580'),
    bad_credentials: (scene) => switchBack(scene, '0852'),
    pin_not_here: (scene) => scene.ask('auth.switch', { userId: nobody, pin: '2580' }),
  },
  'auth.unlock': {
    ok: (scene) => unlock(scene, { password: PASSWORD }),
    bad_credentials: (scene) => unlock(scene, { password: WRONG }),
    pin_not_here: (scene) => unlock(scene, { pin: '2580' }),
    locked_out: (scene) => unlock(scene, { password: WRONG }, 5),
    blocked: async (scene) => scene.ask('auth.unlock', { password: PASSWORD }, await guessedAt(scene)),
  },
  'auth.resetPassword': {
    ok: (scene) => resetPassword(scene, 'another horse 43'),
    bad_code: (scene) =>
      scene.ask('auth.resetPassword', { identifier: nobody, code: '1', password: 'another horse 43' }),
    weak_password: (scene) => resetPassword(scene, '1234567890'),
    locked_out: (scene) => resetPassword(scene, 'another horse 43', async ({ ask }) => times(5, () => ask('wrong'))),
    blocked: (scene) =>
      resetPassword(scene, 'another horse 43', async ({ id }) =>
        (await scene.as('admin')).users.update({ id, active: false }),
      ),
  },
  'auth.changePassword': {
    ok: (scene) => changePassword(scene, { current: PASSWORD, next: 'another horse 43' }),
    bad_credentials: (scene) => changePassword(scene, { current: WRONG, next: 'another horse 43' }),
    weak_password: (scene) => changePassword(scene, { current: PASSWORD, next: '1234567890' }),
    locked_out: (scene) => changePassword(scene, { current: WRONG, next: 'another horse 43' }, 5),
    blocked: async (scene) =>
      scene.ask('auth.changePassword', { current: PASSWORD, next: 'another horse 43' }, await guessedAt(scene)),
    step_up: unproved('auth.changePassword', { current: PASSWORD, next: 'another horse 43' }),
  },
};
