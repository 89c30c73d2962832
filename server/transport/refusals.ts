import type { ErrorRequestHandler, Request, Response } from 'express';
import type { Details } from '../../contract/errors.ts';
import { ApiError, type FieldError } from '../../contract/kit.ts';
import { iso, type Ports } from '../ports.ts';

type Answering = Readonly<{
  ports: Ports;
  version: string;
  onBug: (error: unknown, operation: string, requestId: string) => void;
}>;

/** One for each request, in its answer, in the audit log and in the server's own. */
export const requestIdOf = (request: Request, ports: Ports): string => {
  const held = request as Request & { requestId?: string };
  held.requestId ??= ports.id();
  return held.requestId;
};

/** Whatever goes wrong with a request leaves as a refusal, in the one envelope. */
export function errorHandler(options: Answering): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    if (response.headersSent) return void response.destroy();
    refuse(request, response, options, refusalOf(error, request, options));
  };
}

/** Whatever was thrown, as a refusal that says nothing about the inside. */
function refusalOf(error: unknown, request: Request, { onBug, ports }: Answering): ApiError {
  if (error instanceof ApiError) return error;
  const { type, expose } = error as { type?: string; expose?: boolean };
  if (type === 'entity.too.large') return new ApiError('too_large');
  // What the reader of bodies blames on the sender: no JSON, an unknown charset, a broken compression.
  if (expose || error instanceof URIError) {
    return new ApiError('validation_failed', {
      fields: [{ field: 'body', code: 'unreadable', message: 'The body is not readable JSON.' }],
      cause: error,
    });
  }
  onBug(error, `${request.method} ${routeAsked(request)}`, requestIdOf(request, ports));
  return new ApiError('internal', { cause: error });
}

/** The route as declared: whoever asks may have written anything into the address itself. */
const routeAsked = ({ route }: Request): string => (route as { path?: string } | undefined)?.path ?? '(no route)';

export function refuse(
  request: Request,
  response: Response,
  { ports, version }: Pick<Answering, 'ports' | 'version'>,
  error: ApiError,
): void {
  const requestId = requestIdOf(request, ports);
  const details: readonly FieldError[] = error.fields;
  const facts: Details = error.facts;
  if (error.status === 429 || error.status === 503)
    response.set('Retry-After', String(Number(facts['minutes'] ?? 0) * 60 || (error.status === 429 ? 60 : 2)));
  response
    .status(error.status)
    .set('X-Request-Id', requestId)
    .set('Cache-Control', 'no-store')
    .json({
      status: 'error',
      error: { code: error.code, message: error.message, details, facts },
      meta: { timestamp: iso(ports.now()), version, requestId },
    });
}
