import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { statusOf } from '../../contract/errors.ts';
import { type World, world } from '../support/clinic.ts';
import { OPERATIONS, send } from './calls.ts';
import { type ApiDocument, createJudge, documented, documentOf } from './document.ts';

let clinic: World;
let document: ApiDocument;
beforeAll(async () => {
  clinic = await world();
  document = await documentOf(clinic.url);
});
afterAll(() => clinic.close());

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const result = await validator.validate(structuredClone(document));
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
    expect(validator.version).toBe('3.1');
  });

  it('holds every operation once, and no other', () => {
    const named = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect([...named].sort()).toEqual(OPERATIONS.map(({ name }) => name).sort());
  });

  it.each(OPERATIONS)('$name documents its success and each of its errors', ({ name, operation }) => {
    const entry = documented(document, operation);
    expect(entry?.operationId).toBe(name);
    const responses = entry?.responses ?? {};
    const good = Object.keys(responses).filter((status) => status.startsWith('2'));
    expect(good).toEqual([String(operation.status ?? 200)]);
    for (const code of operation.errors) {
      expect(responses[String(statusOf(code))]?.description, code).toContain(`\`${code}\``);
    }
    for (const common of ['validation_failed', 'rate_limited', 'internal', 'unavailable'] as const) {
      expect(responses[String(statusOf(common))]?.description).toContain(`\`${common}\``);
    }
    if (operation.who !== 'public') expect(Object.keys(responses)).toEqual(expect.arrayContaining(['401', '403']));
  });

  it('is strict enough to catch a wrong answer', () => {
    const judge = createJudge(document);
    const health = OPERATIONS.find(({ name }) => name === 'system.health');
    const meta = { timestamp: '2026-11-18T07:00:00.000Z', version: '1', requestId: 'x' };
    const wrong = { status: 'success', data: { status: 'ok', service: 'medlane', time: 'noon' }, meta };
    expect(health && judge(health.operation, 200, wrong).length).toBeGreaterThan(0);
  });
});

describe('the documentation page', () => {
  it('is served by this server, with everything that it loads', async () => {
    const page = await send(`${clinic.url}/api/docs/`, {});
    expect([page.status, page.headers.get('Content-Type')]).toEqual([200, expect.stringContaining('text/html')]);
    expect(page.text).not.toMatch(/(https?:)?\/\/[a-z0-9]/i);
    const loaded = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] as string);
    expect(loaded.length).toBeGreaterThan(1);
    for (const file of loaded) {
      expect((await send(`${clinic.url}/api/docs/${file}`, {})).status, file).toBe(200);
    }
  });

  it('starts from files of this server alone', async () => {
    for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
      expect((await fetch(`${clinic.url}/api/docs/${file}`)).status, file).toBe(200);
    }
    const start = await send(`${clinic.url}/api/docs/start.js`, {});
    expect(start.text).toContain('/api/v1/openapi.json');
    expect(start.text).not.toMatch(/https?:\/\//);
  });

  it('is also found without the slash', async () => {
    const short = await fetch(`${clinic.url}/api/docs`, { redirect: 'manual' });
    expect([short.status, short.headers.get('Location')]).toEqual([302, '/api/docs/']);
  });
});
