import { openPostOffice, type PostOffice } from '../support/post-office.ts';
import type { Reply } from './calls.ts';
import { appOwner, halfway, nearlyBlocked, someone, times, WRONG, wrongCode } from './people.ts';
import { type Group, late, type Scenarios, type Scene, signIn } from './scenes.ts';

const nobody = 'nobody-has-this-id';
const MINUTE = 60_000;
const SERVER = { host: '127.0.0.1', port: 2525, security: 'none', username: null, from: 'a@b.example', ca: null };

/** For as long as something is done, the clinic has a mail server. */
async function withMail<T>(scene: Scene, work: (post: PostOffice) => Promise<T>): Promise<T> {
  const post = await openPostOffice();
  const admin = await scene.as('admin');
  await admin.mail.set(post.settings);
  try {
    return await work(post);
  } finally {
    await admin.mail.remove({});
    await post.close();
  }
}
/** The same, a minute later, and the mail server refuses whoever the clinic says that it is. */
const refusing = (scene: Scene, work: () => Promise<Reply>): Promise<Reply> =>
  withMail(scene, async (post) => {
    const { time } = scene.world;
    await (await scene.as('admin')).mail.set({ ...post.settings, from: 'stranger@clinic.example' });
    const noon = time.now;
    time.pass(MINUTE);
    try {
      return await work();
    } finally {
      time.now = noon;
    }
  });

type Person = { id: string; username: string; email: string; token: string; ticket: string };

/** Somebody with an address, who has verified it and chosen codes by mail; halfway signed in. One in each scene. */
function mailed(scene: Scene): Promise<Person> {
  const known = people.get(scene) ?? makePerson(scene);
  people.set(scene, known);
  return known;
}
const people = new WeakMap<Scene, Promise<Person>>();

async function makePerson(scene: Scene): Promise<Person> {
  const { id, username } = await scene.newUser();
  const email = `${username}@example.com`;
  await (await scene.as('admin')).users.update({ id, email });
  const { token } = await signIn(scene, username);
  return withMail(scene, async (post) => {
    await scene.ask('ownEmail.sendCode', {}, { token });
    await scene.ask('ownEmail.verify', { code: post.to(email)?.code }, { token });
    await scene.ask('secondFactor.byMail', { on: true }, { token });
    return { id, username, email, token, ticket: await halfway(scene, username) };
  });
}

const sendCode = async (scene: Scene, ticket?: string): Promise<Reply> =>
  scene.ask('auth.sendCode', { ticket: ticket ?? (await mailed(scene)).ticket });

/** Signing in, and a forgotten password, by mail. */
export const authByMailScenarios: Pick<Scenarios, 'auth.sendCode' | 'auth.askReset'> = {
  'auth.sendCode': {
    ok: async (scene) => {
      const { ticket } = await mailed(scene);
      return withMail(scene, () => sendCode(scene, ticket));
    },
    code_wait: async (scene) => {
      const { ticket } = await mailed(scene);
      return withMail(scene, () => times(2, () => sendCode(scene, ticket)));
    },
    ticket_over: (scene) => sendCode(scene, nobody),
    no_mail: async (scene) => sendCode(scene, await halfway(scene, (await appOwner(scene)).username)),
    mail_failed: async (scene) => {
      const { ticket } = await mailed(scene);
      return refusing(scene, () => sendCode(scene, ticket));
    },
    locked_out: async (scene) => {
      const person = await mailed(scene);
      const wrong = (ticket: string) => scene.ask('auth.secondFactor', { ticket, ...wrongCode });
      return withMail(scene, async () => {
        await times(4, () => wrong(person.ticket));
        person.ticket = await halfway(scene, person.username);
        await wrong(person.ticket);
        return sendCode(scene, person.ticket);
      });
    },
    blocked: async (scene) => {
      const ticket = await nearlyBlocked(scene);
      const { items } = await (await scene.as('admin')).users.list({ limit: 500 });
      const identifier = items.find(({ id }) => ticket.startsWith(`${id}.`))?.username;
      scene.world.time.pass(2 * 3_600_000);
      await times(5, () => scene.ask('auth.login', { identifier, password: WRONG }));
      const reply = await sendCode(scene, ticket);
      scene.world.time.pass(-2 * 3_600_000);
      return reply;
    },
  },
  'auth.askReset': { ok: (scene) => scene.ask('auth.askReset', { identifier: nobody }) },
};

/** Asked by somebody who has an address. */
const ownCode = async (scene: Scene): Promise<Reply> =>
  scene.ask('ownEmail.sendCode', {}, { token: (await addressed(scene)).token });

function addressed(scene: Scene): Promise<{ token: string; email: string }> {
  const known = withAddress.get(scene) ?? makeAddressed(scene);
  withAddress.set(scene, known);
  return known;
}
const withAddress = new WeakMap<Scene, Promise<{ token: string; email: string }>>();
async function makeAddressed(scene: Scene) {
  const { id, username } = await scene.newUser();
  const email = `${username}@example.com`;
  await (await scene.as('admin')).users.update({ id, email });
  return { email, token: (await signIn(scene, username)).token };
}

/** The clinic's mail server, and one's own address. */
export const mailScenarios: Group<'mail' | 'ownEmail'> = {
  'mail.get': { ok: (scene) => withMail(scene, () => scene.ask('mail.get')) },
  'mail.set': { step_up: late('mail.set'), ok: (scene) => scene.ask('mail.set', SERVER) },
  'mail.remove': { step_up: late('mail.remove'), ok: (scene) => scene.ask('mail.remove') },
  'mail.test': {
    step_up: late('mail.test'),
    ok: (scene) => withMail(scene, () => scene.ask('mail.test', { to: 'rosa@example.com' })),
    no_mail: (scene) => scene.ask('mail.test', { to: 'rosa@example.com' }),
    mail_failed: (scene) => withMail(scene, () => scene.ask('mail.test', { to: 'nobody@example.com' })),
  },
  'ownEmail.sendCode': {
    ok: (scene) => withMail(scene, () => ownCode(scene)),
    code_wait: (scene) => withMail(scene, () => times(2, () => ownCode(scene))),
    no_email: async (scene) => scene.ask('ownEmail.sendCode', {}, await someone(scene)),
    no_mail: (scene) => ownCode(scene),
    mail_failed: (scene) => refusing(scene, () => ownCode(scene)),
  },
  'ownEmail.verify': {
    ok: (scene) =>
      withMail(scene, async (post) => {
        const { time } = scene.world;
        const { token, email } = await addressed(scene);
        time.pass(2 * MINUTE);
        await ownCode(scene);
        return scene.ask('ownEmail.verify', { code: post.to(email)?.code }, { token });
      }),
    bad_code: async (scene) => scene.ask('ownEmail.verify', { code: '000000' }, await someone(scene)),
  },
};

/** Codes by mail as a second factor, chosen by their owner. */
export const byMailScenarios: Pick<Scenarios, 'secondFactor.byMail'> = {
  'secondFactor.byMail': {
    step_up: late('secondFactor.byMail'),
    ok: async (scene) => scene.ask('secondFactor.byMail', { on: false }, await someone(scene)),
    no_mail: async (scene) => scene.ask('secondFactor.byMail', { on: true }, await someone(scene)),
    not_verified: (scene) =>
      withMail(scene, async () => scene.ask('secondFactor.byMail', { on: true }, await someone(scene))),
  },
};
