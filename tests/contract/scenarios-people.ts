import { PASSWORD } from '../support/clinic.ts';
import type { Reply } from './calls.ts';
import { type Group, type Scene, signIn } from './scenes.ts';

const nobody = 'nobody-has-this-id';
const WRONG = 'not the password';
const BROWSER = { 'User-Agent': 'Mozilla/5.0 (test)' };

const times = async (n: number, once: () => Promise<Reply>): Promise<Reply> => {
  let last = await once();
  for (let i = 1; i < n; i += 1) last = await once();
  return last;
};

/** A browser's cookies after signing in. */
async function browserCookies(scene: Scene, username: string): Promise<string> {
  const login = await scene.ask('auth.login', { identifier: username, password: PASSWORD }, { headers: BROWSER });
  return login.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

/** Somebody who is signed in while somebody guesses at their password, until nobody gets in by it any more; one in each scene. */
function guessedAt(scene: Scene): Promise<{ token: string }> {
  const known = guessed.get(scene) ?? guessAt(scene);
  guessed.set(scene, known);
  return known;
}
const guessed = new WeakMap<Scene, Promise<{ token: string }>>();

async function guessAt(scene: Scene): Promise<{ token: string }> {
  let { token, refreshToken } = await signIn(scene, (await scene.newUser()).username);
  const { time } = scene.world;
  const noon = time.now;
  for (const minutes of [2, 5, 10, 30, 60, 0]) {
    await times(5, () => scene.ask('auth.setPin', { password: WRONG, pin: null }, { token }));
    time.pass(minutes * 60_000);
    const { body } = await scene.ask('auth.refresh', { refreshToken });
    ({ accessToken: token, refreshToken } = body.data as { accessToken: string; refreshToken: string });
  }
  time.now = noon;
  return { token };
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

/** Signing in, and accounts. */
export const peopleScenarios: Group<'auth' | 'users'> = {
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
        times(5, () => scene.ask('auth.login', { identifier: username, password: WRONG })),
      ),
    blocked: (scene) => resume(scene, async ({ id }) => (await scene.as('admin')).users.update({ id, active: false })),
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
  'auth.changePassword': {
    ok: (scene) => changePassword(scene, { current: PASSWORD, next: 'another horse 43' }),
    bad_credentials: (scene) => changePassword(scene, { current: WRONG, next: 'another horse 43' }),
    weak_password: (scene) => changePassword(scene, { current: PASSWORD, next: '1234567890' }),
    locked_out: (scene) => changePassword(scene, { current: WRONG, next: 'another horse 43' }, 5),
    blocked: async (scene) =>
      scene.ask('auth.changePassword', { current: PASSWORD, next: 'another horse 43' }, await guessedAt(scene)),
  },
  'users.list': {
    ok: async (scene) => {
      await scene.newUser();
      return scene.ask('users.list', { role: 'nurse' });
    },
  },
  'users.staff': {
    ok: async (scene) => {
      await scene.newUser('doctor', 'nurse');
      return scene.ask('users.staff', {}, { as: 'receptionist' });
    },
  },
  'users.create': {
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
    ok: async (scene) => scene.ask('users.update', { id: (await scene.newUser()).id, name: 'Renamed', unlock: true }),
    not_found: (scene) => scene.ask('users.update', { id: nobody, name: 'Renamed' }),
    last_administrator: async (scene) => {
      const { id } = await (await scene.as('admin')).auth.me();
      return scene.ask('users.update', { id, roles: ['nurse'] });
    },
    stale: async (scene) => {
      const { id, version } = await scene.newUser();
      return scene.ask('users.update', { id, name: 'Renamed', expectedVersion: version + 1 });
    },
  },
  'users.setPassword': {
    ok: async (scene) =>
      scene.ask('users.setPassword', { id: (await scene.newUser()).id, password: 'another horse 43' }),
    not_found: (scene) => scene.ask('users.setPassword', { id: nobody, password: 'another horse 43' }),
    weak_password: async (scene) =>
      scene.ask('users.setPassword', { id: (await scene.newUser()).id, password: 'aaaaaaaaaaaa' }),
  },
};
