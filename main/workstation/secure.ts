import type { PeerCertificate } from 'node:tls';
import { Agent, fetch as fetchBy, type RequestInit as Init } from 'undici';
import type { Trouble } from '../../contract/desktop.ts';
import type { Fetch } from '../../contract/http.ts';
import type { Identity } from './identity.ts';

type Proof = Pick<Identity, 'clinicId' | 'root' | 'key' | 'certificate'>;

const NOT_OURS = 'ERR_NOT_OUR_SERVER';
const CLOCK = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'];
const CONNECT_WITHIN = 4000;
/**
 * A server that is there begins its answer within this, and goes on with it (ms). Otherwise the line is dead, although no
 * end of it has been told so: TCP alone would hope for a quarter of an hour, and whatever waits for it as well.
 */
const ANSWER_WITHIN = 15_000;
const TIMEOUTS = { headersTimeout: ANSWER_WITHIN, bodyTimeout: ANSWER_WITHIN };

/** How to speak with the clinic's server and with no other: its root pinned, its name a URI, wherever it stands. */
export const tlsFor = ({ clinicId, root, key, certificate }: Proof) => ({
  ca: [root],
  cert: certificate,
  key,
  minVersion: 'TLSv1.2' as const,
  rejectUnauthorized: true,
  checkServerIdentity: (_host: string, { subjectaltname = '' }: PeerCertificate) =>
    subjectaltname.split(', ').includes(`URI:clinic://${clinicId}/server`)
      ? undefined
      : Object.assign(new Error('This is not the clinic’s server.'), { code: NOT_OURS }),
});

export type Secure = Readonly<{
  fetch: Fetch;
  tls: ReturnType<typeof tlsFor>;
  /** Lets what is under way come to its end. */
  retire: () => void;
  close: () => Promise<void>;
}>;

/** `fetch` and a socket's options for one clinic. */
export function createSecure(proof: Proof): Secure {
  const tls = tlsFor(proof);
  // Without resumption each connection shows its certificate anew.
  const agent = new Agent({ connect: { ...tls, timeout: CONNECT_WITHIN, maxCachedSessions: 0 }, ...TIMEOUTS });
  return {
    tls,
    fetch: fetchVia(agent),
    retire: () => void agent.close().catch(() => undefined),
    close: () => agent.destroy(),
  };
}

/** Speaks with whoever answers: only for getting to know one another, where the codes tell who it was. */
export function createUnproved(): Pick<Secure, 'fetch' | 'close'> {
  const agent = new Agent({ connect: { rejectUnauthorized: false, timeout: CONNECT_WITHIN, maxCachedSessions: 0 } });
  return { fetch: fetchVia(agent), close: () => agent.destroy() };
}

/** The library's own types and the platform's are the same things by other names. */
const fetchVia =
  (dispatcher: Agent): Fetch =>
  (url, init) =>
    fetchBy(url, { ...(init as unknown as Init), dispatcher }) as unknown as Promise<Response>;

/** What a failed request says about the server. */
export function troubleOf(error: unknown): Trouble {
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: readonly unknown[] };
  if (code === 'device_revoked') return 'revoked';
  if (code === 'older_server') return 'older';
  if (code === 'certificate_expired') return 'expired';
  if (code === 'not_this_clinic' || code === NOT_OURS) return 'not_ours';
  if (typeof code === 'string' && CLOCK.includes(code)) return 'clock';
  // Names of OpenSSL's and Node's for a chain that does not end at our root, or for somebody who does not speak TLS.
  if (typeof code === 'string' && /CERT|SIGNATURE|ISSUER|SELF_SIGNED|^INVALID_|^ERR_SSL|^EPROTO$/.test(code))
    return 'not_ours';
  const inner = cause ?? errors?.[0];
  return inner ? troubleOf(inner) : 'nobody';
}
