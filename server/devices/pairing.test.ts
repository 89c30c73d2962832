import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { ApiError } from '../../contract/kit.ts';
import { codesOf, commitmentOf } from '../../contract/pairing-code.ts';
import { createPairing, WINDOW } from './pairing.ts';

/** `MEDLANE_SEED=n` plays an earlier run again. */
const SEED = Number(process.env['MEDLANE_SEED'] ?? Date.now() % 2 ** 31);
const HOUR = 3_600_000;

/** A clinic whose chance is a seed's. */
function setUp(seed = 1) {
  let drawn = 0;
  const random = (bytes: number) => createHash('sha256').update(`${seed} ${++drawn}`).digest().subarray(0, bytes);
  const time = { now: Date.parse('2026-11-21T08:00:00Z') };
  const clinic = { clinicId: 'clinic-1', root: 'THE ROOT' };
  const pairing = createPairing({
    now: () => time.now,
    id: () => random(16).toString('hex'),
    random,
    clinic: async () => clinic,
  });
  const hex = () => random(32).toString('hex');
  return { pairing, time, clinic, hex };
}
type Clinic = ReturnType<typeof setUp>;

const codeOf = (act: () => unknown): Promise<string> =>
  Promise.resolve()
    .then(act)
    .then(
      () => 'ok',
      (error: unknown) => (error instanceof ApiError ? error.code : String(error)),
    );

/** A desk that says what it should. */
async function introduce({ pairing, hex }: Clinic, publicKey = hex()) {
  const deskNonce = hex();
  const commitment = await commitmentOf({ deskNonce, publicKey });
  const said = await pairing.begin({ commitment, publicKey, appVersion: '1', address: 'here' });
  await pairing.reveal(said.pairingId, deskNonce);
  const codes = await codesOf({ ...said, publicKey, deskNonce });
  return { ...said, codes, publicKey, deskNonce };
}

it('takes a desk whose code was typed, and answers with the other half', async () => {
  const at = setUp();
  at.pairing.open('b');
  const { pairingId, codes } = await introduce(at);
  const run = at.pairing.take('b', pairingId, codes.desk);
  expect(run.codes).toEqual(codes);
  expect(codes.desk).toMatch(/^\d{6}$/);
  expect(codes.desk).not.toBe(codes.server);
});

it('is closed before an administrator opens it, after five minutes, and when it is cancelled', async () => {
  const at = setUp();
  const begin = () => codeOf(() => introduce(at));
  expect(await begin()).toBe('pairing_closed');
  at.pairing.open('b');
  at.time.now += WINDOW;
  expect(await begin()).toBe('pairing_closed');
  at.pairing.open('b');
  at.pairing.close();
  expect(await begin()).toBe('pairing_closed');
});

it('bears three runs, and three wrong codes', async () => {
  const at = setUp();
  at.pairing.open('b');
  const publicKey = at.hex();
  for (let n = 0; n < 3; n += 1) await introduce(at, publicKey);
  expect(await codeOf(() => introduce(at, publicKey))).toBe('pairing_closed');
  expect(at.pairing.view('b')).toBeNull();

  at.pairing.open('b');
  const { pairingId, codes } = await introduce(at);
  const wrong = codes.desk === '000000' ? '000001' : '000000';
  for (const left of ['wrong_code', 'wrong_code', 'wrong_code', 'pairing_closed'])
    expect(await codeOf(() => at.pairing.take('b', pairingId, wrong))).toBe(left);
  expect(await codeOf(() => at.pairing.take('b', pairingId, codes.desk))).toBe('pairing_closed');
});

it('bears ten failed runs a day, and as many good ones as there are desks', async () => {
  const at = setUp();
  for (let n = 0; n < 25; n += 1) {
    at.pairing.open('b');
    const { pairingId, codes } = await introduce(at);
    at.pairing.done(at.pairing.take('b', pairingId, codes.desk), `desk-${n}`, 'certificate');
  }
  for (let n = 0; n < 10; n += 1) {
    at.time.now += 1;
    at.pairing.open('b');
    await introduce(at);
  }
  expect(await codeOf(() => at.pairing.open('b'))).toBe('pairing_limit');
  at.time.now += 25 * HOUR;
  expect(await codeOf(() => at.pairing.open('b'))).toBe('ok');
});

it('lets one desk in: a second is told to wait, and the administrator of it', async () => {
  const at = setUp();
  at.pairing.open('b');
  const first = await introduce(at);
  expect(await codeOf(() => introduce(at))).toBe('pairing_busy');
  expect(at.pairing.view('b')).toMatchObject({ strangers: 1 });
  at.pairing.done(at.pairing.take('b', first.pairingId, first.codes.desk), 'desk', 'certificate');
  expect(await codeOf(() => introduce(at, first.publicKey))).toBe('pairing_closed');
  expect(at.pairing.view('another-branch')).toBeNull();
});

it('hears a number once, and only the one that was committed to', async () => {
  const at = setUp();
  at.pairing.open('b');
  const publicKey = at.hex();
  const begun = { commitment: at.hex(), publicKey, appVersion: '1', address: 'here' };
  const { pairingId } = await at.pairing.begin(begun);
  expect(await codeOf(() => at.pairing.reveal(pairingId, at.hex()))).toBe('pairing_closed');
  const honest = await introduce(at, publicKey);
  expect(await codeOf(() => at.pairing.reveal(honest.pairingId, honest.deskNonce))).toBe('ok');
  expect(await codeOf(() => at.pairing.reveal(honest.pairingId, at.hex()))).toBe('pairing_closed');
  // Played again later: the run is over.
  expect(await codeOf(() => at.pairing.reveal(honest.pairingId, honest.deskNonce))).toBe('pairing_closed');
});

/**
 * A man in the middle is the server to the desk and the desk to the server. He sees everything but what the administrator
 * reads and types, may answer in any order, and uses every try that a window gives.
 */
async function attack(seed: number): Promise<{ got: boolean; guesses: number }> {
  const at = setUp(seed);
  const { pairing, hex, clinic } = at;
  pairing.open('b');
  // The desk commits itself, to him.
  const desk = { publicKey: hex(), deskNonce: hex() };
  const deskCommitment = await commitmentOf(desk);
  const own = { publicKey: hex(), root: 'HIS ROOT' };
  // He must answer the desk before it says its number; with the server's own number as well as with any.
  const ownNonce = hex();
  const commitment = seed % 2 ? await commitmentOf({ deskNonce: ownNonce, publicKey: own.publicKey }) : deskCommitment;
  const publicKey = seed % 2 ? own.publicKey : desk.publicKey;
  const root = seed % 3 ? own.root : clinic.root;
  let guesses = 0;
  let shown: string | null = null;
  for (;;) {
    const said = await pairing
      .begin({ commitment, publicKey, appVersion: '1', address: 'the middle' })
      .catch(() => null);
    if (!said) return { got: false, guesses };
    guesses += 1;
    // What the desk shows is settled with the first answer that he gives it.
    const toDesk = seed % 5 ? said.serverNonce : hex();
    const told = seed % 2 ? root : own.root;
    shown ??= (await codesOf({ clinicId: clinic.clinicId, root: told, serverNonce: toDesk, ...desk })).desk;
    await pairing.reveal(said.pairingId, seed % 2 ? ownNonce : desk.deskNonce).catch(() => undefined);
    // The administrator types what the desk shows.
    if ((await codeOf(() => pairing.take('b', said.pairingId, shown ?? ''))) === 'ok') return { got: true, guesses };
  }
}

it(`10,000 men in the middle do no better than guessing (MEDLANE_SEED=${SEED})`, { timeout: 120_000 }, async () => {
  const inside: number[] = [];
  let guesses = 0;
  for (let n = 0; n < 10_000; n += 1) {
    const { got, guesses: tried } = await attack(SEED + n);
    if (got) inside.push(SEED + n);
    guesses += tried;
  }
  // Not vacuous: each used what he had.
  expect(guesses).toBeGreaterThan(25_000);
  // Thirty thousand guesses at six digits: 0.03 fit by chance, more than three in one run of thirty million. A way in
  // that works is a way for hundreds of them: they differ in thirty ways only.
  expect(inside.length, `let in: seeds ${inside}`).toBeLessThanOrEqual(3);
});
