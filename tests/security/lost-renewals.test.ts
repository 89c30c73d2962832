import { afterAll, beforeAll, expect, it } from 'vitest';
import { ApiError } from '../../contract/kit.ts';
import { nobody } from '../../server/actor.ts';
import { type Chance, createChance } from '../day/random.ts';
import { PASSWORD, type World, world } from '../support/clinic.ts';

/** E12: an answer that is lost on the line must not sign anybody out. */

const DESKS = 25;
const RENEWALS = 400;
const LOSS = 0.2;

let clinic: World;
beforeAll(async () => {
  clinic = await world({ now: Date.parse('2026-11-21T06:00:00Z') });
});
afterAll(() => clinic.close());

/** A call as it comes from a program on this computer, without the network that may lose it. */
async function call(name: string, input: Record<string, unknown>): Promise<{ refreshToken: string }> {
  const web = {
    cookies: {},
    csrf: undefined,
    origin: 'http://127.0.0.1',
    userAgent: 'desk',
    setCookie: () => undefined,
  };
  const { dispatch } = clinic.server.app;
  const requestId = clinic.options.ports.id();
  const signal = new AbortController().signal;
  return (await dispatch({ name, input, actor: nobody('local'), requestId, web, signal })) as { refreshToken: string };
}

it(`${DESKS * RENEWALS} renewals with a fifth of the requests and of the answers lost: nobody is signed out`, async () => {
  const seed = Number(process.env['MEDLANE_SEED'] ?? 20_261_121);
  const chance = createChance(seed);
  const desks: { refreshToken: string; chance: Chance }[] = [];
  for (let n = 0; n < DESKS; n += 1) {
    const { refreshToken } = await call('auth.login', { identifier: 'admin', password: PASSWORD, delivery: 'body' });
    desks.push({ refreshToken, chance: chance.fork(`desk ${n}`) });
  }
  let lost = 0;
  const signedOut: string[] = [];

  /** Asks once; whether an answer was heard. */
  async function renew(desk: (typeof desks)[number]): Promise<boolean> {
    lost += 1;
    if (desk.chance.happens(LOSS)) return false;
    const answer = await call('auth.refresh', { refreshToken: desk.refreshToken }).catch((error: unknown) => {
      if (!(error instanceof ApiError)) throw error;
      signedOut.push(`${error.code} at ${clinic.time.now} (seed ${seed})`);
      return desk;
    });
    if (desk.chance.happens(LOSS)) return false;
    lost -= 1;
    desk.refreshToken = answer.refreshToken;
    return true;
  }

  for (let round = 0; round < RENEWALS; round += 1) {
    // Each desk tries until it hears an answer, a few seconds apart: together never more than a minute.
    let waiting = desks;
    for (let attempt = 0; waiting.length > 0 && attempt < 20; attempt += 1) {
      const heard = await Promise.all(waiting.map(renew));
      waiting = waiting.filter((_, index) => !heard[index]);
      clinic.time.pass(2500);
    }
    expect(waiting).toEqual([]);
    clinic.time.pass(chance.between(1, 15) * 60_000);
  }
  expect(signedOut).toEqual([]);
  expect(lost).toBeGreaterThan(DESKS * RENEWALS * LOSS);
});
