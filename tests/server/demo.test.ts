import { expect, it } from 'vitest';
import { client, world } from '../support/clinic.ts';

const DAY = Date.parse('2026-11-21T00:00:00Z');
const TIMES = [
  '00:04',
  '00:37',
  '01:07',
  '01:37',
  '02:50',
  '04:10',
  '08:00',
  '13:00',
  '19:30',
  '21:50',
  '23:07',
  '23:43',
  '23:58',
];

it.each(TIMES)('the demonstration is in the middle of a day, also when it is tried at %s', async (time) => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  // By this computer's own clock, which is the clinic's.
  const now = DAY + (hours * 60 + minutes + new Date(DAY).getTimezoneOffset()) * 60_000;
  const clinic = await world({ empty: true, now });
  const { accounts } = await client(clinic.url).setup.demo();
  const { username, password } = accounts.find(({ roles }) => roles.includes('admin')) ?? accounts[0]!;
  const admin = client(
    clinic.url,
    (await client(clinic.url).auth.login({ identifier: username, password })).accessToken,
  );
  const today = await admin.system.now();
  expect(today.waiting).toBeGreaterThan(4);
  expect(today.seenToday).toBeGreaterThan(10);
  expect(today.days.length).toBeGreaterThanOrEqual(3);
  await clinic.close();
});
