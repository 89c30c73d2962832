import { expect, it } from 'vitest';
import { createClient } from './client.ts';
import { httpTransport } from './http.ts';
import { api } from './index.ts';

it('takes an answer that breaks off in the middle for none', async () => {
  const broken = new ReadableStream({
    start(body) {
      body.enqueue(new TextEncoder().encode('{"status":"success","da'));
      body.error(new TypeError('terminated'));
    },
  });
  const transport = httpTransport({ base: '', fetch: async () => new Response(broken), headers: () => ({}) });
  await expect(createClient(api, transport).setup.state()).rejects.toMatchObject({ code: 'unavailable' });
});
