import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { KeyAnswer, KeyOptions, KeyQuestion, NewKey } from '../../contract/second-factor.ts';

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest();
const uint = (value: number, bytes: number) => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
};
const [PRESENT, VERIFIED, NEW] = [0x01, 0x04, 0x40];

/** What a page at this address hands to a key (WebAuthn Level 2, 5.8.1). */
const clientData = (type: 'create' | 'get', challenge: string, origin: string) =>
  Buffer.from(JSON.stringify({ type: `webauthn.${type}`, challenge, origin, crossOrigin: false }));

/** A security key on the ring of a test: ES256, no attestation, bytes straight from WebAuthn Level 2 and RFC 8949. */
export function securityKey() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const id = randomBytes(16);
  let counter = 0;
  const authenticatorData = (host: string, flags: number, more = Buffer.alloc(0)) =>
    Buffer.concat([sha256(host), Buffer.from([flags]), uint(counter, 4), more]);

  return {
    id: id.toString('base64url'),

    make({ challenge, rp }: KeyOptions, origin: string): NewKey {
      const cose = Buffer.concat([
        Buffer.from('a5010203262001215820', 'hex'),
        Buffer.from(x, 'base64url'),
        Buffer.from('225820', 'hex'),
        Buffer.from(y, 'base64url'),
      ]);
      const credential = Buffer.concat([Buffer.alloc(16), uint(id.length, 2), id, cose]);
      const data = authenticatorData(rp.id, PRESENT | VERIFIED | NEW, credential);
      const attestation = Buffer.concat([
        Buffer.from([0xa3, 0x63, ...Buffer.from('fmt'), 0x64, ...Buffer.from('none')]),
        Buffer.from([0x67, ...Buffer.from('attStmt'), 0xa0, 0x68, ...Buffer.from('authData'), 0x58, data.length]),
        data,
      ]);
      return {
        id: id.toString('base64url'),
        clientDataJSON: clientData('create', challenge, origin).toString('base64url'),
        attestationObject: attestation.toString('base64url'),
        transports: ['usb'],
      };
    },

    /** `as`: the counter that it tells, when it is a copy of the real one. */
    answer({ challenge, rpId }: KeyQuestion, origin: string, as = counter + 1): KeyAnswer {
      counter = as;
      const client = clientData('get', challenge, origin);
      const data = authenticatorData(rpId, PRESENT | VERIFIED);
      return {
        id: id.toString('base64url'),
        clientDataJSON: client.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: sign('sha256', Buffer.concat([data, sha256(client)]), privateKey).toString('base64url'),
      };
    },
  };
}
export type SecurityKey = ReturnType<typeof securityKey>;
