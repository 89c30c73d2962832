import { generateKeyPairSync } from 'node:crypto';
import { SMTPServer } from 'smtp-server';
import { signCertificate } from '../../server/transport/tls.ts';

export type Letter = Readonly<{ to: string[]; raw: string; code: string }>;
export const ACCOUNT = { username: 'clinic', password: 'post horn 9' };

type Options = Readonly<{
  security?: 'tls' | 'starttls' | 'none';
  /** Whoever sends has to say who they are: as `ACCOUNT`. */
  account?: boolean;
  /** Takes the connection, and then says nothing. */
  mute?: boolean;
}>;

/** A real mail server on this computer. Addresses `nobody@…` are refused, senders `stranger@…` as well. */
export async function openPostOffice({ security = 'none', account = false, mute = false }: Options = {}) {
  const letters: Letter[] = [];
  const heard: { how: (letter: Letter) => void; to: string }[] = [];
  const held: (() => void)[] = [];
  const keys = security === 'none' ? null : certificates();
  const server = new SMTPServer({
    secure: security === 'tls',
    ...(keys ? { key: keys.key, cert: keys.certificate } : {}),
    disabledCommands: [...(security === 'starttls' ? [] : ['STARTTLS']), ...(account ? [] : ['AUTH'])],
    authOptional: !account,
    allowInsecureAuth: false,
    disableReverseLookup: true,
    onConnect: (_session, done) => {
      if (mute) held.push(done);
      else done();
    },
    onAuth: ({ username, password }, _session, done) =>
      username === ACCOUNT.username && password === ACCOUNT.password
        ? done(null, { user: username })
        : done(new Error('Who are you?')),
    onMailFrom: ({ address }, _session, done) => done(refusal(address, 'stranger@')),
    onRcptTo: ({ address }, _session, done) => done(refusal(address, 'nobody@')),
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString();
        const code = /^(\d{6}|[0-9A-Z]{5}-[0-9A-Z]{5})\r?$/m.exec(raw)?.[1] ?? '';
        const letter = { to: envelope.rcptTo.map(({ address }) => address), raw, code };
        letters.push(letter);
        done();
        for (const one of heard.filter(({ to }) => letter.to.includes(to))) one.how(letter);
      });
    },
  });
  // Whoever hangs up while nothing was said is no concern of the post office's.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as { port: number };

  return {
    port,
    letters,
    held,
    root: keys?.root ?? null,
    /** The newest letter to an address. */
    to: (address: string): Letter | undefined => letters.findLast(({ to }) => to.includes(address)),
    /** The next letter to an address, once it has come. */
    next: (address: string): Promise<Letter> => new Promise((how) => heard.push({ how, to: address })),
    /** What a clinic is told to use it. */
    settings: {
      ...{ host: '127.0.0.1', port, security, from: 'desk@clinic.example', ca: keys?.root ?? null },
      ...(account ? ACCOUNT : { username: null }),
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
export type PostOffice = Awaited<ReturnType<typeof openPostOffice>>;

const refusal = (address: string, beginning: string): Error | null =>
  address.startsWith(beginning) ? Object.assign(new Error('Not here'), { responseCode: 550 }) : null;

/** A certificate of a CA that nobody knows but who is told of it. */
function certificates() {
  const newKeys = () =>
    generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
  const [ca, own] = [newKeys(), newKeys()];
  const issuer = { name: 'Post root', key: ca.privateKey };
  const about = { days: 2, now: Date.now(), issuer };
  const isCa = [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, critical: true },
  ];
  const isServer = [
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
  ];
  return {
    key: own.privateKey,
    root: signCertificate({ ...about, name: issuer.name, publicKey: ca.publicKey, serial: '01', extensions: isCa }),
    certificate: signCertificate({
      ...{ ...about, name: 'post', publicKey: own.publicKey, serial: '02', extensions: isServer },
    }),
  };
}
