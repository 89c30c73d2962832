import { Ajv2020 } from 'ajv/dist/2020.js';
import { API_PREFIX } from '../../contract/http.ts';
import { type Operation, routeOf } from '../../contract/kit.ts';
import { type Envelope, send } from './calls.ts';

/** The served OpenAPI document, and whether an answer is what it says. */

type Content = Readonly<Record<string, Readonly<{ schema: object }>>>;
type DocumentedOperation = Readonly<{
  operationId: string;
  responses: Readonly<Record<string, Readonly<{ description: string; content: Content }>>>;
}>;
export type ApiDocument = Readonly<{
  openapi: string;
  paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
}> &
  Record<string, unknown>;

export async function documentOf(url: string): Promise<ApiDocument> {
  return JSON.parse((await send(`${url}${API_PREFIX}/openapi.json`, {})).text) as ApiDocument;
}

const placeOf = (operation: Operation): [path: string, method: string] => {
  const { method, path } = routeOf(operation);
  return [API_PREFIX + path, method.toLowerCase()];
};

export function documented(document: ApiDocument, operation: Operation): DocumentedOperation | undefined {
  const [path, method] = placeOf(operation);
  return document.paths[path]?.[method];
}

/** Says what of an answer is not as documented; an empty list is good. */
export type Judge = (operation: Operation, status: number, body: Envelope) => string[];

export function createJudge(document: ApiDocument): Judge {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;
  ajv.addFormat('date-time', (text) => instant.test(text) && !Number.isNaN(Date.parse(text)));
  ajv.addFormat('date', (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)));
  ajv.addSchema({ $id: 'medlane', ...document });
  const escaped = (part: string) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
  return (operation, status, body) => {
    const [path, method] = placeOf(operation);
    const steps = ['paths', path, method, 'responses', String(status), 'content', 'application/json', 'schema'];
    const $ref = `medlane#/${steps.map(escaped).join('/')}`;
    const validate = ajv.getSchema($ref) ?? ajv.compile({ $ref });
    return validate(body)
      ? []
      : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
}
