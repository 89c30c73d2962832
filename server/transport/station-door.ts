import { createHash, X509Certificate } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, RequestListener } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { HANDED_IN, STRANGERS } from '../../contract/devices.ts';
import type { ErrorCode } from '../../contract/errors.ts';
import { API_PREFIX } from '../../contract/http.ts';
import { api } from '../../contract/index.ts';
import { ApiError, listOperations } from '../../contract/kit.ts';
import type { Actor } from '../actor.ts';
import type { App } from '../app.ts';
import { deskActor, stationOf, workerOf } from '../devices/stations.ts';
import type { Ports } from '../ports.ts';
import type { Door } from './http.ts';
import { deviceUri } from './tls.ts';

/** For how long after its end a certificate is still good for a new one, in ms. */
const RENEWABLE = 90 * 86_400_000;

/** Who is at the other end of a connection, by their certificate alone. */
type Peer =
  | Readonly<{ is: 'stranger' }>
  | Readonly<{ is: 'refused' }>
  | Readonly<{ is: 'desk'; deviceId: string; fingerprint: string; until: number }>;

type Options = Readonly<{ app: App; ports: Ports; clinicId: string; root: string; epoch: string }>;

/**
 * The desks' door. A connection is known by its certificate, each request by what the database says of that desk now; what
 * a desk says of its work (whose it is, when it was done) is believed here and nowhere else.
 */
export function createStationDoor({ app, ports, clinicId, root, epoch }: Options) {
  const authority = new X509Certificate(root);
  const uri = deviceUri(clinicId, '');
  const peers = new WeakMap<object, Peer>();
  const connected = new Map<string, Set<TLSSocket>>();

  function peerOf(socket: TLSSocket): Peer {
    const certificate = socket.getPeerX509Certificate();
    if (!certificate) return { is: 'stranger' };
    // OpenSSL names the last fault that it found: behind "expired" another may hide, so the signature is looked at again.
    const ranOut = String(socket.authorizationError) === 'CERT_HAS_EXPIRED' && certificate.verify(authority.publicKey);
    const names = certificate.subjectAltName?.split(', ') ?? [];
    const name = names.find((one) => one.startsWith(`URI:${uri}`));
    if (!(socket.authorized || ranOut) || !name) return { is: 'refused' };
    const key = certificate.publicKey.export({ type: 'spki', format: 'der' });
    return {
      is: 'desk',
      deviceId: name.slice(`URI:${uri}`.length),
      fingerprint: createHash('sha256').update(key).digest('hex'),
      until: Date.parse(certificate.validTo),
    };
  }

  function welcome(socket: TLSSocket): void {
    const peer = peerOf(socket);
    peers.set(socket, peer);
    if (peer.is !== 'desk') return;
    const sockets = connected.get(peer.deviceId) ?? new Set();
    connected.set(peer.deviceId, sockets.add(socket));
    socket.once('close', () => {
      sockets.delete(socket);
      if (sockets.size === 0) connected.delete(peer.deviceId);
    });
  }

  const refuse = (code: ErrorCode): never => {
    throw new ApiError(code);
  };

  /** The desk behind a request, as of now; null for a stranger. @throws ApiError when it may not do this, or anything. */
  async function deskOf(request: IncomingMessage, origin: string, operation: string): Promise<Actor | null> {
    const peer = peers.get(request.socket) ?? { is: 'refused' };
    if (peer.is === 'stranger') return STRANGERS.includes(operation) ? null : refuse('not_this_clinic');
    if (peer.is === 'refused') return refuse('not_this_clinic');
    const station = await stationOf(app.reader, peer.deviceId);
    if (!station || station.keyFingerprint !== peer.fingerprint) return refuse('not_this_clinic');
    if (station.revokedAt !== null) return refuse('device_revoked');
    const overdue = ports.now() - peer.until;
    if (overdue > RENEWABLE || (overdue > 0 && operation !== 'devices.renew')) return refuse('certificate_expired');
    return deskActor(station, origin);
  }

  async function actorOf(request: IncomingMessage, origin: string, operation: string): Promise<Actor | null> {
    const desk = await deskOf(request, origin, operation);
    return desk && actorAt({ app, ports, epoch }, desk, request.headers, operation);
  }

  return {
    door: {
      secure: true,
      actor: actorOf,
      sender: (request) => {
        const peer = peers.get(request.socket);
        return peer?.is === 'desk' ? peer.deviceId : undefined;
      },
    } satisfies Door,
    /** Who listens: a person, or the desk itself while nobody is signed in. */
    async listener(request: IncomingMessage, origin: string, token: string): Promise<Actor | null> {
      const desk = await deskOf(request, origin, 'live').catch(() => null);
      return desk && token ? app.identify(token, desk) : desk;
    },
    watch: (server: TlsServer) => void server.on('secureConnection', welcome),
    /** Only the API is here for who is no desk of this clinic. */
    guarded:
      (next: RequestListener): RequestListener =>
      (request, response) => {
        if (request.url?.startsWith(API_PREFIX) || peers.get(request.socket)?.is === 'desk') next(request, response);
        else
          response.writeHead(403, { 'Content-Type': 'text/plain' }).end('This door is for the desks of this clinic.');
      },
    /** Ends every connection of a desk that was revoked, whatever goes on in it. */
    async cut(deviceId: string): Promise<void> {
      const station = connected.has(deviceId) ? await stationOf(app.reader, deviceId) : undefined;
      if (station?.revokedAt != null) for (const socket of connected.get(deviceId) ?? []) socket.destroy();
    },
  };
}
export type StationDoor = ReturnType<typeof createStationDoor>;

/**
 * Who acts at a desk, and when it was done, by what the desk says in its headers; the desk itself when it names nobody.
 * @throws ApiError when the desk has met a later epoch of this clinic.
 */
export async function actorAt(
  { app, ports, epoch }: Pick<Options, 'app' | 'ports' | 'epoch'>,
  desk: Actor,
  headers: IncomingHttpHeaders,
  operation: string,
): Promise<Actor> {
  // Epochs grow with time: a desk that has met a later one knows this clinic as it was before a restore elsewhere.
  if (String(headers['medlane-epoch'] ?? '') > epoch) throw new ApiError('older_server');
  app.presence.note(desk.deviceId, {
    appVersion: /^[\w.+-]{1,40}$/.exec(String(headers['medlane-version'] ?? ''))?.[0] ?? null,
    unsent: numberIn(headers['medlane-unsent'], 7),
  });
  // Nothing was done in the future, whatever the desk's clock says.
  const made = numberIn(headers['medlane-made-at'], 15);
  const madeAt = made === null ? null : Math.min(made, ports.now());
  const token = bearerIn(headers);
  const worker = headers['medlane-for'];
  const person = token
    ? await app.identify(token, desk)
    : typeof worker === 'string' && ALONE.has(operation)
      ? await workerOf(app.reader, desk, worker, madeAt ?? ports.now())
      : null;
  return { ...(person ?? desk), madeAt: madeAt === null ? null : (person?.madeAt ?? madeAt) };
}

/** What a desk may have done alone: for anything else somebody is signed in. */
const ALONE = new Set<string>([
  ...HANDED_IN,
  ...listOperations(api).flatMap(({ name, operation }) => (operation.offline === undefined ? [] : [name])),
]);

export const bearerOf = (request: IncomingMessage): string | null => bearerIn(request.headers);
const bearerIn = ({ authorization }: IncomingHttpHeaders): string | null =>
  /^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? null;

const numberIn = (text: unknown, digits: number): number | null =>
  typeof text === 'string' && /^\d+$/.test(text) && text.length <= digits ? Number(text) : null;
