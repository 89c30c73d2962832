import { expect, it, vi } from 'vitest';
import type { Transport } from '../../contract/client.ts';
import { ApiError } from '../../contract/kit.ts';
import { createSession } from './session.ts';

const answer = (n: number, userId = 'u1') => ({
  accessToken: `access-${n}`,
  refreshToken: `refresh-${n}`,
  csrfToken: 'csrf',
  expiresAt: '2026-01-01T00:00:00.000Z',
  user: { id: userId, username: userId },
});

function setUp() {
  const call = vi.fn<Transport['call']>(async () => answer(1));
  const changed = vi.fn();
  return { call, changed, session: createSession({ call }, changed) };
}

it('keeps the tokens to itself', async () => {
  const { call, changed, session } = setUp();
  const shown = await session.signIn({ identifier: 'a', password: 'b', delivery: 'cookie' });
  expect(call.mock.calls[0]?.[2]).toMatchObject({ delivery: 'body' });
  expect(shown).toMatchObject({ accessToken: '', refreshToken: null, csrfToken: '', user: { id: 'u1' } });
  expect(session.headers()).toEqual({ Authorization: 'Bearer access-1' });
  expect(changed).toHaveBeenLastCalledWith('access-1');
});

it('renews once for all who ask at the same time, with the newest refresh token', async () => {
  const { call, session } = setUp();
  await session.signIn({});
  call.mockResolvedValueOnce(answer(2));
  expect(await Promise.all([session.renew(), session.renew(), session.renew()])).toEqual([true, true, true]);
  expect(call).toHaveBeenCalledTimes(2);
  await session.refresh();
  expect(call.mock.lastCall?.[2]).toEqual({ refreshToken: 'refresh-2' });
});

it('keeps the sign-in when the server is away, and loses it when the server ends it', async () => {
  const { call, changed, session } = setUp();
  await session.signIn({});
  call.mockRejectedValueOnce(new ApiError('unavailable'));
  await expect(session.renew()).rejects.toMatchObject({ code: 'unavailable' });
  expect(session.token()).toBe('access-1');
  call.mockRejectedValueOnce(new ApiError('session_ended'));
  expect(await session.renew()).toBe(false);
  expect([session.token(), changed.mock.lastCall]).toEqual([null, [null]]);
  await expect(session.refresh()).rejects.toMatchObject({ code: 'session_ended' });
});

it('a renewal that comes after somebody else signed in changes nothing', async () => {
  const { call, session } = setUp();
  await session.signIn({});
  const late = Promise.withResolvers<unknown>();
  call.mockReturnValueOnce(late.promise);
  const renewing = session.renew();
  call.mockResolvedValueOnce(answer(5, 'u2'));
  await session.signIn({});
  late.resolve(answer(2));
  expect(await renewing).toBe(false);
  expect(session.token()).toBe('access-5');
});

it('a password opens this desk alone only once the second factor was right, too', async () => {
  const proved = vi.fn(async () => undefined);
  const call = vi.fn<Transport['call']>(async () => answer(1));
  const session = createSession({ call }, vi.fn(), proved);
  call.mockRejectedValueOnce(new ApiError('second_factor', { facts: { ticket: 't', setUp: false } }));
  await expect(session.signIn({ password: 'secret' })).rejects.toMatchObject({ facts: { ticket: 't' } });
  expect(proved).not.toHaveBeenCalled();
  call.mockRejectedValueOnce(new ApiError('bad_code'));
  await expect(session.secondFactor({ ticket: 't', code: '1' })).rejects.toMatchObject({ code: 'bad_code' });
  expect([proved.mock.calls, session.token()]).toEqual([[], null]);
  const shown = await session.secondFactor({ ticket: 't', code: '2', delivery: 'cookie' });
  expect(call.mock.lastCall?.[2]).toEqual({ ticket: 't', code: '2', delivery: 'body' });
  expect(shown).toMatchObject({ accessToken: '', user: { id: 'u1' } });
  expect(proved.mock.calls).toEqual([[answer(1), 'secret']]);
  expect(session.headers()).toEqual({ Authorization: 'Bearer access-1' });
});
