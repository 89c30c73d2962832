import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MedlaneOperation } from '../../contract/index.ts';
import type { Operation } from '../../contract/kit.ts';
import { ROLES, type Role } from '../../domain/people.ts';
import { PASSWORD, type World, world } from '../support/clinic.ts';
import { ask, OPERATIONS, type Reply } from './calls.ts';
import { EXAMPLES, PEOPLE_CSV } from './examples.ts';

/** Every operation as every role and as nobody, over HTTP. */

const PEOPLE = ['nobody', 'revoked', ...ROLES] as const;
type Person = (typeof PEOPLE)[number];

/** What a desk may is asked of a desk, in `tests/server/stations.test.ts`: by this door nobody is one. */
const may = ({ who }: Operation, person: Person): boolean =>
  who === 'public' || (who !== 'station' && isSomebody(person) && (who === 'anyone' || holds(person, who)));
const isSomebody = (person: Person): person is Role => person !== 'nobody' && person !== 'revoked';
/** A super administrator is an administrator as well. */
const holds = (person: Role, who: readonly Role[]) =>
  who.includes(person) || (person === 'super_admin' && who.includes('admin'));

/** The first account of a clinic is its super administrator, and called `admin`. */
const usernameOf = (person: Role) => (person === 'admin' ? 'branch-admin' : person);

let clinic: World;
beforeAll(async () => {
  clinic = await world();
});
afterAll(() => clinic.close());

async function tokenFor(name: MedlaneOperation, person: Person): Promise<string | undefined> {
  if (person === 'nobody') return undefined;
  if (person === 'revoked') {
    revoked ??= revokedToken();
    return revoked;
  }
  const shared = await clinic.token(usernameOf(person), person);
  if (name !== 'auth.logout') return shared;
  // Signing out must not end the sign-in that the others use.
  const login = await ask(clinic.url, 'auth.login', { identifier: usernameOf(person), password: PASSWORD });
  return (login.body.data as { accessToken: string }).accessToken;
}
/** Of an administrator who was signed out everywhere. */
let revoked: Promise<string> | undefined;
async function revokedToken(): Promise<string> {
  const admin = await clinic.as('admin');
  const token = await clinic.token('revoked', 'super_admin');
  const [user] = (await admin.users.list({ q: 'revoked' })).items;
  await admin.users.signOut({ id: user?.id ?? '' });
  return token;
}
const attempt = async (name: MedlaneOperation, person: Person): Promise<Reply> =>
  ask(clinic.url, name, EXAMPLES[name], { token: await tokenFor(name, person), file: PEOPLE_CSV });

describe.each(PEOPLE)('as %s', (person) => {
  it.each(OPERATIONS)('$name', async ({ name, operation }) => {
    const reply = await attempt(name, person);
    const code = reply.body.error?.code;
    if (may(operation, person)) {
      // A wrong password or an ended sign-in has codes of its own; these two say "not you".
      expect(['unauthenticated', 'forbidden']).not.toContain(code);
      expect(reply.status).toBeLessThan(500);
      return;
    }
    expect([reply.status, code]).toEqual(isSomebody(person) ? [403, 'forbidden'] : [401, 'unauthenticated']);
    expect(reply.body).toMatchObject({
      status: 'error',
      error: { details: [] },
      meta: { requestId: expect.any(String) },
    });
    expect(reply.body).not.toHaveProperty('data');
  });
});

describe('rights are those of now', () => {
  const newPerson = async (username: string, ...roles: Role[]) => {
    const admin = await clinic.as('admin');
    const token = await clinic.token(username, ...roles);
    const found = (await admin.users.list({ q: username })).items.find((user) => user.username === username);
    return { token, id: found?.id ?? '' };
  };

  it('a deactivated person gets 401 on the next request, and cannot renew the sign-in', async () => {
    const admin = await clinic.as('admin');
    const { id, token } = await newPerson('leaver', 'receptionist');
    const login = { identifier: 'leaver', password: PASSWORD, delivery: 'body' };
    const signedIn = (await ask(clinic.url, 'auth.login', login)).body.data as { refreshToken: string };
    expect((await ask(clinic.url, 'patients.list', {}, { token })).status).toBe(200);
    await admin.users.update({ id, active: false });
    const after = await ask(clinic.url, 'patients.list', {}, { token });
    expect([after.status, after.body.error?.code]).toEqual([401, 'unauthenticated']);
    const renewed = await ask(clinic.url, 'auth.refresh', { refreshToken: signedIn.refreshToken });
    expect(renewed.body.error?.code).toBe('session_ended');
  });

  it('a change of roles counts from the next request on, both ways', async () => {
    const admin = await clinic.as('admin');
    const { id, token } = await newPerson('mover', 'receptionist');
    const canRegister = async () =>
      (await ask(clinic.url, 'patients.register', { name: 'Any Body' }, { token })).status;
    const canAudit = async () => (await ask(clinic.url, 'audit.list', {}, { token })).status;
    expect([await canRegister(), await canAudit()]).toEqual([201, 403]);
    await admin.users.update({ id, roles: ['pharmacist'] });
    expect([await canRegister(), await canAudit()]).toEqual([403, 403]);
    await admin.users.update({ id, roles: ['pharmacist', 'admin'] });
    expect([await canRegister(), await canAudit()]).toEqual([201, 200]);
  });

  it.each(['display', 'kiosk'] as const)('a %s reads its own board and is told of no other', async (role) => {
    const admin = await clinic.as('admin');
    const { token } = await newPerson(`wall-${role}`, role);
    const [own] = (await admin.boards.list()).items;
    const other = await admin.boards.create({ name: `Staff room of a ${role}`, queueIds: [] });
    expect((await ask(clinic.url, 'boards.get', { id: own?.id }, { token })).status).toBe(200);
    const refused = await ask(clinic.url, 'boards.get', { id: other.id }, { token });
    expect([refused.status, refused.body.error?.code]).toEqual([404, 'not_found']);
    const seen = (await ask(clinic.url, 'boards.list', {}, { token })).body.data as { items: { id: string }[] };
    expect(seen.items.map(({ id }) => id)).toEqual([own?.id]);
  });

  it('a token that is not ours, or is cut short, is nobody', async () => {
    const { token } = await newPerson('signer', 'nurse');
    const [head, , signature] = token.split('.');
    const forged = Buffer.from(JSON.stringify({ sub: 'admin', sid: 'x', iss: 'medlane', aud: 'medlane' }));
    for (const wrong of ['x', token.slice(0, -2), `${head}.${forged.toString('base64url')}.${signature}`]) {
      expect((await ask(clinic.url, 'auth.me', {}, { token: wrong })).status).toBe(401);
    }
  });

  it('leaves an audit entry of what was refused', async () => {
    const admin = await clinic.as('admin');
    const { id, token } = await newPerson('curious', 'pharmacist');
    await ask(clinic.url, 'users.list', {}, { token });
    const [entry] = (await admin.audit.list({ actorId: id, outcome: 'forbidden' })).items;
    expect(entry).toMatchObject({ actor: 'curious', action: 'users.list', outcome: 'forbidden' });
  });
});
