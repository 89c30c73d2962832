import { createServer, type Server as HttpServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import path from 'node:path';
import { STRANGERS } from '../../contract/devices.ts';
import { api } from '../../contract/index.ts';
import { type Actor, nobody } from '../actor.ts';
import type { App } from '../app.ts';
import type { Store } from '../db/open.ts';
import { STATIONS_PORT } from '../devices/pairing-commands.ts';
import { metaOf } from '../feed/feed.ts';
import { errorForLog } from '../log.ts';
import type { Ports } from '../ports.ts';
import type { Vault } from '../vault.ts';
import { advertise } from './advert.ts';
import { createCertificates } from './certificates.ts';
import { createHttp, type Door } from './http.ts';
import { openApiDocument } from './openapi.ts';
import type { Listener } from './sockets.ts';

/** Which doors to open besides this computer's own, and on which ports (0: any free one). */
export type DoorsAsked = Readonly<{
  port: number;
  lan?: number | undefined;
  stations?: number | undefined;
  waitingRoom?: number | undefined;
  /** Tells the network where the desks' door is. */
  advertise?: boolean | undefined;
}>;

/** Where desks look for their door when nothing else is said, and in which row it is kept where it opened. */
const USUAL_PORT = 7444;

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
    return app.identify(token, nobody(origin));
  };
  const listensBySignIn: Listener = (_request, origin, token) => app.identify(token, nobody(origin));

  const open: { server: HttpServer; url: string; name: string }[] = [];
  const connected = new Set<Socket>();
  const listen = async (name: string, server: HttpServer, host: string, port: number, scheme: string) => {
    server.on('connection', (socket: Socket) => {
      connected.add(socket);
      socket.once('close', () => connected.delete(socket));
    });
    await new Promise<void>((resolve, reject) =>
      server.once('error', (cause) => reject(portTaken(cause, port))).listen(port, host, resolve),
    );
    const { port: own } = server.address() as { port: number };
    open.push({ server, name, url: `${scheme}://${host === '0.0.0.0' ? hostname() : host}:${own}` });
    return own;
  };

  // This computer's own people: no certificate warning, nobody else reaches it.
  const local = createServer(
    hostChecked(listener({ secure: false, actor: bySignIn }), ['127.0.0.1', 'localhost', '[::1]']),
  );
  app.sockets.attach(local, listensBySignIn);
  await listen('local', local, '127.0.0.1', asked.port, 'http');

  const certificates = createCertificates(services, ownNames);
  if (asked.lan !== undefined) {
    const serves: Door['serves'] = (name) => name === 'system.health' || !STRANGERS.includes(name);
    const people = createTlsServer(await certificates.options(), listener({ secure: true, actor: bySignIn, serves }));
    certificates.keep(people);
    app.sockets.attach(people, listensBySignIn);
    await listen('lan', people, '0.0.0.0', asked.lan, 'https');
  }

  async function openStations(port: number): Promise<number> {
    const { createStationDoor } = await import('./station-door.ts');
    const { root, fingerprint } = await certificates.identity();
    const epoch = (await metaOf(app.reader, 'epoch')) ?? '';
    const desks = createStationDoor({ app, ports, clinicId: services.clinicId, root, epoch });
    // Whoever has no certificate gets as far as pairing; one that is not good is refused in words.
    const tls = { ...(await certificates.options()), ca: [root], requestCert: true, rejectUnauthorized: false };
    const server = createTlsServer(tls, desks.guarded(listener(desks.door)));
    desks.watch(server);
    certificates.keep(server, { ca: [root] });
    app.sockets.attach(server, desks.listener);
    const own = await listen('stations', server, '0.0.0.0', port, 'https');
    if (asked.advertise) server.once('close', await advertise(ports, own, fingerprint));
    app.takeDoor({
      open: async () => (asked.stations === undefined ? own : null),
      addresses: () => ownNames().map((name) => `${name}:${own}`),
      deviceChanged: (id) => void desks.cut(id).catch((error) => onBug(error, 'devices.cut', '')),
    });
    return own;
  }
  /** The port may be another program's by now: desks find the door on any. */
  const openSomewhere = (port: number) => openStations(port).catch(() => openStations(0));
  const remembered = Number(await metaOf(app.reader, STATIONS_PORT));
  if (asked.stations !== undefined) await openStations(asked.stations);
  else if (remembered > 0) await openSomewhere(remembered);
  else {
    // Whoever adds the first desk asks for its door.
    let opening: Promise<number> | null = null;
    const open = () => {
      opening ??= openSomewhere(USUAL_PORT);
      return opening;
    };
    app.takeDoor({ open, addresses: () => [], deviceChanged: () => {} });
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
    get urls() {
      return Object.fromEntries(open.map(({ name, url }) => [name, url])) as Readonly<Record<string, string>>;
    },
    async close() {
      certificates.close();
      // Requests that hang on do not keep a clinic from closing, nor does whoever vanished: in the middle of a handshake,
      // or with a socket for whose goodbye the library would wait half a minute.
      ports.after(2000, () => {
        for (const socket of connected) socket.destroy();
      });
      await Promise.all(
        open.map(({ server }) => {
          server.closeIdleConnections();
          return new Promise<void>((resolve) => server.close(() => resolve()));
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
