import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask } from '../contract/calls.ts';
import { type World, world } from '../support/clinic.ts';

let clinic: World;
beforeAll(async () => {
  clinic = await world();
});
afterAll(() => clinic.close());

it('nothing that a sender writes gives them more tries at a sign-in', async () => {
  const codes: (string | undefined)[] = [];
  // A wrong code costs no hashing, so that a minute is enough for more than a minute's worth.
  for (let n = 0; n < 70; n += 1) {
    const headers = { Authorization: `Bearer invented-${n}`, 'X-Forwarded-For': `10.0.0.${n}`, Cookie: `a=${n}` };
    const reply = await ask(clinic.url, 'auth.secondFactor', { ticket: `nobody.${n}`, code: '123456' }, { headers });
    codes.push(reply.body.error?.code);
    if (reply.status === 429) expect(Number(reply.headers.get('Retry-After'))).toBeGreaterThan(0);
  }
  expect(codes.slice(0, 60)).toEqual(Array.from({ length: 60 }, () => 'ticket_over'));
  expect(codes.slice(60)).toEqual(Array.from({ length: 10 }, () => 'rate_limited'));
});
