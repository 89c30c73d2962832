import * as z from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { COMMON_ERRORS, ERRORS, type ErrorCode, messageOf, problemsOf, statusOf } from '../../contract/errors.ts';
import { API_PREFIX } from '../../contract/http.ts';
import type { Api, Operation } from '../../contract/kit.ts';
import { listOperations, routeOf } from '../../contract/kit.ts';

const meta = z.object({ timestamp: z.iso.datetime(), version: z.string(), requestId: z.string() }).meta({ id: 'Meta' });

const errorBody = z
  .object({
    status: z.literal('error'),
    error: z.object({
      code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
      message: z.string(),
      details: z.array(z.object({ field: z.string(), message: z.string(), code: z.string() })),
      facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    }),
    meta,
  })
  .meta({ id: 'Error' });

/** The OpenAPI 3.1 document of every operation, made from the same declarations that run. */
export function openApiDocument(api: Api, version: string): object {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const { name, operation } of listOperations(api)) {
    const { method, path } = routeOf(operation);
    const key = API_PREFIX + path;
    paths[key] = { ...paths[key], [method.toLowerCase()]: describe(name, operation) };
  }
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Medlane',
      version,
      description:
        'The clinic server. Every command takes an Idempotency-Key: the same key and body gets the first answer, for 90 days.',
      license: { name: 'Proprietary', identifier: 'LicenseRef-Proprietary' },
    },
    servers: [{ url: '/' }],
    tags: Object.keys(api).map((name) => ({ name })),
    paths: paths as ZodOpenApiPathsObject,
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
  });
}

function describe(name: string, operation: Operation): ZodOpenApiOperationObject {
  const { method, params } = routeOf(operation);
  const inQuery = method === 'GET' || operation.kind === 'upload';
  const others = Object.fromEntries(Object.entries(operation.input.shape).filter(([key]) => !params.includes(key)));
  const pathShape = Object.fromEntries(Object.entries(operation.input.shape).filter(([key]) => params.includes(key)));
  const status = String(operation.status ?? 200);
  const who =
    operation.who === 'public'
      ? 'Everyone.'
      : operation.who === 'anyone'
        ? 'Anyone signed in.'
        : operation.who === 'station'
          ? 'Paired desks, by their certificate.'
          : `Roles: ${operation.who.join(', ')}.`;
  return {
    operationId: name,
    tags: [name.split('.')[0] as string],
    summary: operation.summary,
    description: operation.offline ? `${who} Also decided on a desk without the server.` : who,
    security: operation.who === 'public' ? [] : [{ bearer: [] }],
    requestParams: {
      ...(params.length > 0 ? { path: z.object(pathShape) } : {}),
      ...(inQuery && Object.keys(others).length > 0 ? { query: z.object(others) } : {}),
      ...(operation.kind === 'command'
        ? {
            header: z.object({
              'Idempotency-Key': z
                .string()
                .max(64)
                .optional()
                .meta({ description: 'The command’s id, made by the client.' }),
            }),
          }
        : {}),
    },
    ...(operation.kind === 'upload'
      ? { requestBody: { required: true, content: { 'text/csv': { schema: { type: 'string' } } } } }
      : !inQuery
        ? {
            requestBody: {
              required: Object.keys(others).length > 0,
              content: { 'application/json': { schema: z.object(others) } },
            },
          }
        : {}),
    responses: {
      [status]: success(operation),
      ...Object.fromEntries(statusesOf(operation).map(([code, errors]) => [code, failure(errors)])),
    },
  };
}

function success(operation: Operation) {
  if (operation.kind === 'download') {
    return {
      description: 'The file.',
      content: Object.fromEntries(
        (operation.media ?? []).map((media) => [media, { schema: { type: 'string' as const } }]),
      ),
    };
  }
  const body = z.object({ status: z.literal('success'), data: operation.output, meta });
  return { description: operation.summary, content: { 'application/json': { schema: body } } };
}

/** Every error an operation may answer, by HTTP status. */
export function statusesOf(operation: Operation): [string, ErrorCode[]][] {
  const byStatus = new Map<string, ErrorCode[]>();
  const common = COMMON_ERRORS.filter(
    (code) =>
      (operation.who !== 'public' || (code !== 'unauthenticated' && code !== 'forbidden')) &&
      (operation.kind === 'command' || code !== 'idempotency_mismatch') &&
      (operation.kind !== 'query' || routeOf(operation).method !== 'GET' || code !== 'too_large'),
  );
  for (const code of [...operation.errors, ...common]) {
    const status = String(statusOf(code));
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return [...byStatus.entries()].sort(([a], [b]) => Number(a) - Number(b));
}

const problemCodes = (code: ErrorCode): string =>
  Object.keys(problemsOf(code))
    .map((problem) => `\`${problem}\``)
    .join(' | ');

const failure = (codes: readonly ErrorCode[]) => ({
  description: codes.map((code) => `\`${code}\`: ${messageOf(code, { problem: problemCodes(code) })}`).join(' '),
  content: { 'application/json': { schema: errorBody } },
});
