import { codeAt } from '../support/authenticator.ts';
import { PASSWORD } from '../support/clinic.ts';
import type { Reply } from './calls.ts';
import { type Scene, signIn } from './scenes.ts';

export const times = async (n: number, once: () => Promise<Reply>): Promise<Reply> => {
  let last = await once();
  for (let i = 1; i < n; i += 1) last = await once();
  return last;
};

/** Somebody who is signed in and changes nothing about it; one in each scene, since so many sign-ins a minute are too many. */
export function someone(scene: Scene): Promise<{ token: string }> {
  const known = signedIn.get(scene) ?? scene.newUser().then(({ username }) => signIn(scene, username));
  signedIn.set(scene, known);
  return known;
}
const signedIn = new WeakMap<Scene, Promise<{ token: string }>>();

/** Somebody who signs in with an authenticator app; the codes that it shows, each a new one. */
export async function withApp(scene: Scene) {
  const user = await scene.newUser('pharmacist');
  const { token, refreshToken } = await signIn(scene, user.username);
  const { secret } = (await scene.ask('secondFactor.begin', {}, { token })).body.data as { secret: string };
  let shown = 0;
  const code = () => codeAt(secret, scene.world.time.now + 30_000 * shown++);
  await scene.ask('secondFactor.confirm', { code: code() }, { token });
  return { ...user, token, refreshToken, code };
}
export const wrongCode = { code: '000000' };

/** One of them in each scene, who keeps the app. */
export function appOwner(scene: Scene): ReturnType<typeof withApp> {
  const known = owners.get(scene) ?? withApp(scene);
  owners.set(scene, known);
  return known;
}
const owners = new WeakMap<Scene, ReturnType<typeof withApp>>();

export async function halfway(scene: Scene, username: string): Promise<string> {
  const { body } = await scene.ask('auth.login', { identifier: username, password: PASSWORD });
  return String(body.error?.facts?.['ticket']);
}

/** Whose role needs a second factor, for as long as something is done. */
export async function needed<T>(scene: Scene, work: () => Promise<T>): Promise<T> {
  const admin = await scene.as('admin');
  await admin.settings.updateAccess({ secondFactorFor: ['pharmacist'] });
  try {
    return await work();
  } finally {
    await admin.settings.updateAccess({ secondFactorFor: [] });
  }
}

export const WRONG = 'not the password';

/** Somebody who is signed in while somebody guesses at their password, until nobody gets in by it any more; one in each scene. */
export function guessedAt(scene: Scene): Promise<{ token: string }> {
  const known = guessed.get(scene) ?? guessAtSomebody(scene);
  guessed.set(scene, known);
  return known;
}
const guessed = new WeakMap<Scene, Promise<{ token: string }>>();

const guessAtSomebody = async (scene: Scene) =>
  guessAt(scene, await signIn(scene, (await scene.newUser()).username), [2, 5, 10, 30, 60, 0]);

/** Guesses through stages of locking (minutes), waiting each one out; after one more nobody gets in any more. */
async function guessAt(scene: Scene, signedIn: { token: string; refreshToken: string }, stages: readonly number[]) {
  let { token, refreshToken } = signedIn;
  const { time } = scene.world;
  const noon = time.now;
  for (const minutes of stages) {
    await times(5, () => scene.ask('auth.unlock', { password: WRONG }, { token }));
    time.pass(minutes * 60_000);
    const { body } = await scene.ask('auth.refresh', { refreshToken });
    ({ accessToken: token, refreshToken } = body.data as { accessToken: string; refreshToken: string });
  }
  time.now = noon;
  return { token };
}

/** The ticket of somebody at whom nobody may guess wrong five times more; two hours later they may be. */
export async function nearlyBlocked(scene: Scene): Promise<string> {
  const user = await withApp(scene);
  await guessAt(scene, user, [2, 5, 10, 30, 60]);
  scene.world.time.pass(2 * 3_600_000);
  const ticket = await halfway(scene, user.username);
  scene.world.time.pass(-2 * 3_600_000);
  return ticket;
}

/** An administrator of one branch, below whoever hosts the clinic; one in each scene. */
export function branchAdmin(scene: Scene): Promise<{ token: string }> {
  const known = admins.get(scene) ?? scene.newUser('admin').then(({ username }) => signIn(scene, username));
  admins.set(scene, known);
  return known;
}
const admins = new WeakMap<Scene, Promise<{ token: string }>>();
