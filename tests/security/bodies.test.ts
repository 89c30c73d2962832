import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_PREFIX } from '../../contract/http.ts';
import { routeOf } from '../../contract/kit.ts';
import { OPERATIONS, send } from '../contract/calls.ts';
import { EXAMPLES } from '../contract/examples.ts';
import { type World, world } from '../support/clinic.ts';

/** F6, F7: bodies that are meant to break the reader, to every operation that reads one. */

let clinic: World;
beforeAll(async () => {
  clinic = await world({ now: Date.parse('2026-11-21T06:00:00Z') });
});
afterAll(() => clinic.close());

const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const BODIES: Readonly<Record<string, string>> = {
  'a prototype': '{"__proto__":{"roles":["admin"],"polluted":true}}',
  'a constructor': '{"constructor":{"prototype":{"polluted":true}}}',
  'a prototype within':
    '{"name":{"__proto__":{"polluted":true}},"filter":{"constructor":{"prototype":{"polluted":true}}}}',
  'ten thousand levels': nested(10_000),
  'ten thousand lists': `{"name":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
  'ten thousand fields': `{${Array.from({ length: 10_000 }, (_, n) => `"f${n}":1`).join()}}`,
  'numbers beyond number': '{"name":1e999,"id":-1e999,"at":123456789012345678901234567890}',
  'half a letter': '{"name":"\\ud800","username":"\\udfff","reason":"\\ud800"}',
  'a NUL': '{"name":"a\\u0000b","username":"a\\u0000b"}',
  'the same field twice': '{"name":"one","name":{"$ne":null}}',
};
const READING = OPERATIONS.filter(({ operation }) => !['query', 'download', 'upload'].includes(operation.kind));

describe.each(Object.entries(BODIES))('%s', (_what, body) => {
  it('is refused by every operation in words, and breaks nothing', async () => {
    const token = await clinic.token('admin');
    for (const { name, operation } of READING) {
      const { method, path } = routeOf(operation);
      // Signing out would be done: it takes an empty body, and needs nothing of what is in this one.
      if (name === 'auth.logout') continue;
      const filled = path.replace(/\{(\w+)\}/g, (_, part: string) => encodeURIComponent(String(EXAMPLES[name][part])));
      const reply = await send(`${clinic.url}${API_PREFIX}${filled}`, {
        method,
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
        body,
      });
      expect([name, reply.status]).toEqual([name, expect.toSatisfy((status: number) => status < 500)]);
      expect(reply.body.meta.requestId).toMatch(/\w/);
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect((await clinic.request('GET', `${API_PREFIX}/health`)).status).toBe(200);
  });
});
