import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseCookie, stringifySetCookie } from 'cookie';
import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import { API_PREFIX } from '../../contract/http.ts';
import { api } from '../../contract/index.ts';
import { ApiError, listOperations, type Operation, routeOf } from '../../contract/kit.ts';
import { type Actor, nobody } from '../actor.ts';
import type { Dispatch, FileAnswer, Web } from '../dispatch.ts';
import { iso, type Ports } from '../ports.ts';
import { type Docs, serveDocs, serveScreens } from './pages.ts';
import { errorHandler, refuse, requestIdOf } from './refusals.ts';

/** Which door a request came through: what it may do there, and who is behind it. */
export type Door = Readonly<{
  /** Cookies go out with `Secure`. */
  secure: boolean;
  /** The actor behind a request to an operation; null sends them to sign in. @throws ApiError when none is served here. */
  actor: (request: Request, origin: string, operation: string) => Promise<Actor | null>;
  /** Whose requests are counted together; by sign-in and address unless it says. */
  sender?: (request: Request) => string | undefined;
  /** Operations that this door serves; all unless said. */
  serves?: (name: string, operation: Operation) => boolean;
}>;

type Options = Readonly<{
  dispatch: Dispatch;
  ports: Ports;
  version: string;
  door: Door;
  /** The built screens; the API alone when there are none. */
  screens: URL | null;
  docs: Docs | null;
  onBug: (error: unknown, operation: string, requestId: string) => void;
}>;

const LIMITS = { body: '256kb', upload: 256 * 1024 * 1024, perMinute: 1200 };

/** The HTTP side of the contract: one route per operation, one envelope, one place where errors become statuses. */
export function createHttp(options: Options): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'self'"],
          styleSrc: ["'self'", "'unsafe-inline'"],
          imgSrc: ["'self'", 'data:'],
          connectSrc: ["'self'"],
          // A paper that the page holds, to be looked at before it is printed.
          frameSrc: ['blob:'],
          objectSrc: ["'none'"],
          baseUri: ["'none'"],
          formAction: ["'self'"],
          frameAncestors: ["'none'"],
        },
      },
      strictTransportSecurity: false,
      crossOriginEmbedderPolicy: false,
    }),
  );
  for (const { name, operation } of listOperations(api)) {
    if (options.door.serves?.(name, operation) === false) continue;
    const { method, path: route } = routeOf(operation);
    const verb = method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
    const handlers: RequestHandler[] = [limiter(operation, options)];
    if (method !== 'GET' && operation.kind !== 'upload')
      handlers.push(express.json({ limit: LIMITS.body, strict: true }));
    app[verb](API_PREFIX + route.replace(/\{(\w+)\}/g, ':$1'), ...handlers, serve(name, operation, options));
  }
  serveDocs(app, options.docs);
  app.use(API_PREFIX, (request, response) =>
    refuse(request, response, options, new ApiError('not_found', { message: 'There is no such operation.' })),
  );
  serveScreens(app, options.screens);
  app.use(errorHandler(options));
  return app;
}

/** Behind every socket that may ask: the address, or `local` for this computer. */
export function originOf(request: Pick<Request, 'socket'>): string {
  const address = request.socket.remoteAddress ?? 'unknown';
  return /^(::1|127\.|::ffff:127\.)/.test(address) ? 'local' : address.replace(/^::ffff:/, '');
}

function limiter(operation: Operation, options: Options): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit: operation.perMinute ?? LIMITS.perMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    validate: false,
    // By sign-in where one is needed: a clinic's desks may share an address, and an invented one is refused. What anybody may
    // call goes by the address alone: nothing that a sender writes gives them more tries.
    keyGenerator: (request) => {
      const signIn = operation.who === 'public' ? undefined : request.headers.authorization?.slice(-24);
      return options.door.sender?.(request) ?? signIn ?? originOf(request);
    },
    handler: (request, response) => refuse(request, response, options, new ApiError('rate_limited')),
  });
}

function serve(name: string, operation: Operation, options: Options): RequestHandler {
  const { dispatch, ports, door } = options;
  const { method, params } = routeOf(operation);
  const inQuery = method === 'GET' || operation.kind === 'upload';
  return async (request, response, next) => {
    try {
      const requestId = requestIdOf(request, ports);
      const origin = originOf(request);
      const actor = (await door.actor(request, origin, name)) ?? nobody(origin);
      const abort = new AbortController();
      response.on('close', () => {
        // Whoever left before the end wants no answer; after it, there is nothing left to stop.
        if (!response.writableFinished) abort.abort();
      });
      const value = await dispatch({
        name,
        input: {
          ...(inQuery ? request.query : (request.body as Record<string, unknown> | undefined)),
          ...pick(request.params, params),
        },
        actor,
        requestId,
        commandId: commandIdOf(request),
        web: webOf(request, response, door.secure),
        file: operation.kind === 'upload' ? limited(request) : undefined,
        signal: abort.signal,
      });
      if (operation.kind === 'download') return await sendFile(response, value as FileAnswer, requestId);
      const metaNow = { timestamp: iso(ports.now()), version: options.version, requestId };
      response
        .status(operation.status ?? 200)
        .set('X-Request-Id', requestId)
        .set('Cache-Control', 'no-store')
        .json({ status: 'success', data: value, meta: metaNow });
    } catch (error) {
      next(error);
    }
  };
}

const pick = (from: Request['params'], names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, from[name]]));

function commandIdOf(request: Request): string | undefined {
  const key = request.get('Idempotency-Key');
  if (key !== undefined && !/^[\x21-\x7e]{1,64}$/.test(key)) {
    throw new ApiError('validation_failed', {
      fields: [
        {
          field: 'Idempotency-Key',
          code: 'format',
          message: 'Use 1–64 letters, digits or signs without spaces; a UUID is best.',
        },
      ],
    });
  }
  return key;
}

/** Stops a body that grows past the limit, whatever its header promised. */
function limited(request: Request): Request {
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > LIMITS.upload) request.destroy(new ApiError('too_large'));
  });
  request.pause();
  return request;
}

/** As the sender addressed this server; a name that is none counts as the bare address. */
const hostOf = (request: Request): string => {
  const host = request.get('Host') ?? '';
  return URL.canParse(`http://${host}`) ? host : '127.0.0.1';
};

function webOf(request: Request, response: Response, secure: boolean): Web {
  return {
    get cookies() {
      return parseCookie(request.headers.cookie ?? '');
    },
    csrf: request.get('X-CSRF-Token'),
    userAgent: request.get('User-Agent') ?? '',
    origin: `${secure ? 'https' : 'http'}://${hostOf(request)}`,
    setCookie: (name, value, { maxAgeMs, httpOnly }) => {
      response.append(
        'Set-Cookie',
        stringifySetCookie({
          name,
          value,
          maxAge: Math.floor(maxAgeMs / 1000),
          httpOnly,
          secure,
          sameSite: 'strict',
          path: '/',
        }),
      );
    },
  };
}

async function sendFile(response: Response, file: FileAnswer, requestId: string): Promise<void> {
  response.set({
    'Content-Type': file.media,
    'Content-Disposition': `attachment; filename="${file.filename}"`,
    'Cache-Control': 'no-store',
    'X-Request-Id': requestId,
    ...file.headers,
  });
  // A reader who leaves is no error; a source that breaks must break the transfer, so that no half file looks whole.
  await pipeline(file.body, writingTo(response)).catch(() => response.destroy());
}

/** Writes piece by piece: the next is asked for when the last has gone to the network, at the pace of the reader. */
function writingTo(response: Response): Writable {
  const sink = new Writable({
    highWaterMark: 1,
    write: (piece, _encoding, done) => void response.write(piece, done),
    final: (done) => void response.end(done),
  });
  response.once('close', () => sink.destroy());
  return sink;
}
