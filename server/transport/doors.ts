import { createServer, type Server as HttpServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createRequire } from 'node:module';
import { hostname, networkInterfaces } from 'node:os';
import path from 'node:path';
import type { TLSSocket } from 'node:tls';
import { api } from '../../contract/index.ts';
import { type Actor, nobody } from '../actor.ts';
import type { App } from '../app.ts';
import type { Store } from '../db/open.ts';
import { metaOf } from '../feed/feed.ts';
import { errorForLog } from '../log.ts';
import type { Ports } from '../ports.ts';
import type { Vault } from '../vault.ts';
import { createHttp, type Door } from './http.ts';
import { openApiDocument } from './openapi.ts';

/** Which doors to open besides this computer's own, and on which ports (0: any free one). */
export type DoorsAsked = Readonly<{
  port: number;
  lan?: number | undefined;
  stations?: number | undefined;
  waitingRoom?: number | undefined;
}>;

type Services = Readonly<{
  app: App;
  vault: Vault;
  store: Store;
  clinicId: string;
  ports: Ports;
  version: string;
  screens: URL | null;
  log: { error: (facts: object, message: string) => void };
}>;

type AsOperator = (token: string) => Promise<Actor | null>;

/** Opens the doors that were asked for; each is a listener of its own with its own rules. */
export async function openDoors(services: Services, asked: DoorsAsked, asOperator: AsOperator) {
  const { app, ports, version, screens } = services;
  // Made when somebody first asks: it takes longer than all the rest of opening.
  let made: object | undefined;
  const document = () => {
    made ??= openApiDocument(api, version);
    return made;
  };
  const assets = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const onBug = (error: unknown, operation: string, requestId: string) =>
    services.log.error({ operation, requestId, error: errorForLog(error) }, 'a bug, or a machine that fails');
  const listener = (door: Door) =>
    createHttp({
      dispatch: app.dispatch,
      ports,
      version,
      door,
      screens,
      docs: { document, assets },
      onBug,
    });

  const bySignIn: Door['actor'] = async (request, origin) => {
    const [scheme, token] = (request.headers.authorization ?? '').split(' ');
    if (!token) return null;
    if (scheme === 'Operator') return origin === 'local' ? asOperator(token) : null;
    return app.identify(token, origin);
  };

  const open: { server: HttpServer; url: string; name: string }[] = [];
  const listen = async (name: string, server: HttpServer, host: string, port: number, scheme: string) => {
    await new Promise<void>((resolve, reject) =>
      server.once('error', (cause) => reject(portTaken(cause, port))).listen(port, host, resolve),
    );
    const { port: own } = server.address() as { port: number };
    open.push({ server, name, url: `${scheme}://${host === '0.0.0.0' ? hostname() : host}:${own}` });
  };

  // This computer's own people: no certificate warning, nobody else reaches it.
  const local = createServer(
    hostChecked(listener({ secure: false, actor: bySignIn }), ['127.0.0.1', 'localhost', '[::1]']),
  );
  app.sockets.attach(local);
  await listen('local', local, '127.0.0.1', asked.port, 'http');

  if (asked.lan !== undefined || asked.stations !== undefined) {
    // Certificates are the LAN doors' matter only: a clinic without them does not load what makes them.
    const { deviceUri, loadIdentity } = await import('./tls.ts');
    const identity = await loadIdentity(services.store, services.vault, ports, services.clinicId, ownNames());
    const tls = { cert: identity.server.certificate, key: identity.server.key, minVersion: 'TLSv1.2' as const };
    if (asked.lan !== undefined) {
      const people = createTlsServer(tls, listener({ secure: true, actor: bySignIn }));
      app.sockets.attach(people);
      await listen('lan', people, '0.0.0.0', asked.lan, 'https');
    }
    if (asked.stations !== undefined) {
      // Only who holds a certificate of this clinic's root gets as far as HTTP.
      const stations = createTlsServer(
        { ...tls, ca: [identity.root], requestCert: true, rejectUnauthorized: true },
        stationChecked(deviceUri(services.clinicId, ''), listener({ secure: true, actor: bySignIn })),
      );
      app.sockets.attach(stations);
      await listen('stations', stations, '0.0.0.0', asked.stations, 'https');
    }
  }

  if (asked.waitingRoom !== undefined) {
    const branchId = async () => metaOf(app.reader, 'setUp');
    const waitingRoom: Door = {
      secure: false,
      serves: (name) => ['system.health', 'setup.state', 'boards.list', 'boards.get'].includes(name),
      actor: async (_request, origin) => ({
        ...nobody(origin),
        id: 'waiting-room',
        name: 'waiting room',
        roles: ['display'],
        branchId: await branchId(),
        boardId: '*',
      }),
    };
    await listen('waiting-room', createServer(listener(waitingRoom)), '0.0.0.0', asked.waitingRoom, 'http');
  }

  return {
    urls: Object.fromEntries(open.map(({ name, url }) => [name, url])) as Readonly<Record<string, string>>,
    async close() {
      await Promise.all(
        open.map(({ server }) => {
          server.closeIdleConnections();
          return new Promise<void>((resolve) => {
            server.close(() => resolve());
            // Requests that hang on do not keep a clinic from closing.
            ports.after(2000, () => server.closeAllConnections());
          });
        }),
      );
    },
  };
}

/** A page of another name that resolves to this computer (DNS rebinding) is not this computer's own page. */
function hostChecked(next: RequestListener, hosts: readonly string[]): RequestListener {
  return (request, response) => {
    const name = (request.headers.host ?? '').replace(/:\d+$/, '');
    if (hosts.includes(name)) return next(request, response);
    response
      .writeHead(403, { 'Content-Type': 'text/plain' })
      .end('Open this clinic as http://127.0.0.1 on this computer.');
  };
}

/** A station is known by the URI in its certificate, under this clinic. */
function stationChecked(uri: string, next: RequestListener): RequestListener {
  return (request, response) => {
    const names = (request.socket as TLSSocket).getPeerCertificate().subjectaltname ?? '';
    if (names.includes(`URI:${uri}`)) return next(request, response);
    response
      .writeHead(403, { 'Content-Type': 'text/plain' })
      .end('This certificate is not of a station of this clinic.');
  };
}

const ownNames = (): string[] => [
  hostname(),
  ...Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address),
];

function portTaken(cause: Error, port: number): Error {
  const { code } = cause as { code?: string };
  if (code === 'EADDRINUSE')
    return new Error(`Port ${port} is used by another program. Stop it, or choose another with --port.`, { cause });
  return cause;
}
