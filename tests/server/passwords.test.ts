import * as argon2 from '@node-rs/argon2';
import { eq } from 'drizzle-orm';
import { describe, expect, it, vi } from 'vitest';
import { openClinic, startServer } from '../../server/clinic-server.ts';
import { realPorts } from '../../server/ports.ts';
import { client, codeOf, DIALECTS, PASSWORD, type World, world } from '../support/clinic.ts';

// The real one, and what it was asked.
vi.mock('@node-rs/argon2', { spy: true });

const login = ({ url }: { url: string }, identifier: string, password = PASSWORD) =>
  client(url).auth.login({ identifier, password, delivery: 'body' });
const REAL = { ports: { hashing: realPorts.hashing } };

/** As it is stored; the clinic is closed. */
async function storedHash({ options }: World): Promise<string> {
  const { store, close } = await openClinic(options);
  const { db, t } = store.reader;
  const [row] = await db.select().from(t.users).where(eq(t.users.usernameKey, 'admin'));
  await close();
  return row?.passwordHash ?? '';
}

describe('what is kept of a password', () => {
  it('is Argon2id over 64 MiB in three passes', async () => {
    const clinic = await world(REAL);
    await clinic.server.close();
    expect(await storedHash(clinic)).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/);
  });

  it.each(DIALECTS)(
    'is made anew when it costs more than it did, by the right password alone (%s)',
    async (dialect) => {
      const clinic = await world({ dialect });
      await clinic.server.close();
      const weak = await storedHash(clinic);

      const dearer = await startServer({ ...clinic.options, ports: realPorts }, { port: 0 });
      expect(await codeOf(login(dearer, 'admin', 'not this one'))).toBe('bad_credentials');
      const { refreshToken } = await login(dearer, 'admin');
      await dearer.close();
      const strong = await storedHash(clinic);
      expect(weak).toMatch(/\$m=1024,t=1,p=1\$/);
      expect(strong).toMatch(/\$m=65536,t=3,p=1\$/);

      const again = await startServer({ ...clinic.options, ports: realPorts }, { port: 0 });
      expect(await codeOf(client(again.url).auth.refresh({ refreshToken: refreshToken ?? '' }))).toBe('ok');
      expect(await codeOf(login(again, 'admin'))).toBe('ok');
      await again.close();
      expect(await storedHash(clinic)).toBe(strong);
    },
  );

  it('is compared for as long when nobody has that name', async () => {
    const clinic = await world(REAL);
    const compared = vi.mocked(argon2.verify);
    const work = [];
    for (const name of ['admin', 'nobody']) {
      compared.mockClear();
      expect(await codeOf(login(clinic, name, 'not this one'))).toBe('bad_credentials');
      // What Argon2 was asked: how often, over how much memory, in how many passes.
      work.push(compared.mock.calls.map(([stored]) => String(stored).split('$').slice(1, 4)));
    }
    await clinic.close();
    expect(work[0]).toEqual([['argon2id', 'v=19', 'm=65536,t=3,p=1']]);
    expect(work[1]).toEqual(work[0]);
  });
});
