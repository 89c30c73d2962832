import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { databaseKey } from '../../server/backup/copy.ts';
import { openStore } from '../../server/db/open.ts';
import { keyFromFile } from '../../server/keys.ts';
import { realPorts } from '../../server/ports.ts';
import { openVault } from '../../server/vault.ts';
import { client, PASSWORD, type World, world } from '../support/clinic.ts';

/** E14: tokens that nobody gave. Even those that are signed with the clinic's own key say something that it never says. */

const NOW = Date.parse('2026-11-21T06:00:00Z');
const SECONDS = NOW / 1000;
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

let clinic: World;
let token = '';
let ownKey: KeyObject;
beforeAll(async () => {
  clinic = await world({ now: NOW });
  token = (await client(clinic.url).auth.login({ identifier: 'admin', password: PASSWORD })).accessToken;
  const { folder } = clinic.options;
  const master = keyFromFile(folder.keyFile, true).bytes;
  const store = await openStore({ dialect: 'sqlite', file: folder.database, key: databaseKey(master) });
  const { tokenSigning } = await openVault(store, master, realPorts);
  ownKey = createPrivateKey({ key: tokenSigning.privateDer, format: 'der', type: 'pkcs8' });
  await store.close();
});
afterAll(() => clinic.close());

type Json = Record<string, unknown>;

/** Every forged token with what is wrong about it. */
function corpus(): [why: string, token: string][] {
  const [head = '', body = '', signature = ''] = token.split('.');
  const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as Json;
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Json;
  const signedBy = (key: KeyObject, h: Json, c: Json | string, algorithm: string | null = null) => {
    const text = `${encode(h)}.${typeof c === 'string' ? c : encode(c)}`;
    return `${text}.${sign(algorithm, Buffer.from(text), key).toString('base64url')}`;
  };
  const own = (h: Json, c: Json | string) => signedBy(ownKey, h, c);
  const made: [string, string][] = [];
  const add = (why: string, forged: string) => made.push([why, forged]);

  const strangers = {
    'Ed25519 of somebody else': generateKeyPairSync('ed25519').privateKey,
    'EC P-256': generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
    RSA: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  };
  for (const [name, key] of Object.entries(strangers)) {
    const algorithm = name.startsWith('Ed') ? null : 'sha256';
    for (const alg of ['EdDSA', 'Ed25519', 'ES256', 'ES512', 'RS256', 'PS256', 'HS256', 'none']) {
      add(`signed by ${name}, said to be ${alg}`, signedBy(key, { ...header, alg }, claims, algorithm));
      const jwk = createPublicKey(key).export({ format: 'jwk' });
      add(
        `signed by ${name} with its key beside it, ${alg}`,
        signedBy(key, { ...header, alg, jwk }, claims, algorithm),
      );
    }
    for (const [field, value] of [
      ['kid', '../../../../dev/null'],
      ['kid', "' OR 1=1 --"],
      ['jku', 'http://127.0.0.1:1/keys.json'],
      ['x5u', 'http://127.0.0.1:1/cert.pem'],
      ['x5c', ['MIIB']],
      ['crit', ['exp']],
    ] as const)
      add(
        `signed by ${name}, ${field} ${String(value)}`,
        signedBy(key, { ...header, [field]: value }, claims, algorithm),
      );
  }

  // The public key as the secret of a symmetric signature.
  const publicKey = createPublicKey(ownKey);
  const secrets = {
    pem: publicKey.export({ type: 'spki', format: 'pem' }),
    der: publicKey.export({ type: 'spki', format: 'der' }),
    x: String(publicKey.export({ format: 'jwk' }).x),
    empty: '',
  };
  for (const [name, secret] of Object.entries(secrets))
    for (const [alg, hash] of [
      ['HS256', 'sha256'],
      ['HS384', 'sha384'],
      ['HS512', 'sha512'],
      ['EdDSA', 'sha256'],
    ] as const) {
      const text = `${encode({ ...header, alg })}.${body}`;
      add(
        `${alg} with the ${name} of the public key`,
        `${text}.${createHmac(hash, secret).update(text).digest('base64url')}`,
      );
    }

  for (const alg of ['none', 'None', 'NONE', 'nOnE', '', null, 0, [], 'EDDSA', 'eddsa'])
    for (const rest of ['', signature, 'AA'])
      add(`unsigned as ${String(alg)}`, `${encode({ ...header, alg })}.${body}.${rest}`);

  // Signed with the clinic's own key, as whoever had it for a minute could.
  const wrong: Record<string, readonly unknown[]> = {
    iss: ['', 'Medlane', 'somebody', null, ['medlane'], undefined],
    aud: ['', 'other', null, ['other'], undefined],
    exp: [SECONDS, SECONDS - 1, 0, -1, 'tomorrow', null, undefined],
    nbf: [SECONDS + 1, SECONDS + 3600, 'tomorrow'],
    sub: ['', 'nobody', 'admin', null, 7, ['x'], undefined],
    sid: ['', 'nobody', null, 7, ['x'], undefined],
  };
  for (const [claim, values] of Object.entries(wrong))
    for (const value of values) add(`${claim} is ${JSON.stringify(value)}`, own(header, { ...claims, [claim]: value }));
  for (const typ of ['JWT', 'at+JWTx', '', null, undefined, 'refresh', 'id_token'])
    add(`typ is ${JSON.stringify(typ)}`, own({ ...header, typ }, claims));
  add('crit that nobody knows', own({ ...header, crit: ['medlane'], medlane: true }, claims));
  add('claims that are no object', own(header, encode(['sub'])));
  add('claims that are no JSON', own(header, Buffer.from('{').toString('base64url')));
  add('no claims', own(header, ''));

  // Cut, stretched, turned about.
  for (const at of [0, 1, 10, head.length, head.length + 1, token.length - 1]) add(`cut at ${at}`, token.slice(0, at));
  for (let bit = 0; bit < 64; bit += 1) {
    const bytes = Buffer.from(signature, 'base64url');
    bytes[bit] = (bytes[bit] ?? 0) ^ (1 << (bit % 8));
    add(`bit of byte ${bit} of the signature`, `${head}.${body}.${bytes.toString('base64url')}`);
  }
  for (const [why, odd] of Object.entries({
    twice: `${token}.${token}`,
    'a part too many': `${token}.x`,
    long: `${head}.${'A'.repeat(7000)}.${signature}`,
    'other base64': `${head}.${body}.${Buffer.from(signature, 'base64url').toString('base64')}=`,
    'signature first': `${signature}.${head}.${body}`,
    'the refresh token of a session': `${claims['sid']}.1.${signature}`,
    words: 'null',
    dots: '..',
  }))
    add(why, odd);
  return made;
}

it('none of hundreds opens anything, and all are answered alike', async () => {
  const forged = corpus();
  expect(forged.length).toBeGreaterThan(220);
  const answers = new Set<string>();
  for (const [why, one] of forged) {
    const { status, body } = await clinic.request('GET', '/api/v1/auth/me', {
      headers: { Authorization: `Bearer ${one}` },
    });
    expect([why, status]).toEqual([why, 401]);
    answers.add(JSON.stringify(body.error));
  }
  expect(answers.size).toBe(1);
  // The one that they were made from still opens.
  expect((await client(clinic.url, token).auth.me()).username).toBe('admin');
});
