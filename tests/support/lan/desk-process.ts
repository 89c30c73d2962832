import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CallOptions, Download } from '../../../contract/client.ts';
import { api } from '../../../contract/index.ts';
import { listOperations } from '../../../contract/kit.ts';
import { createDeskWork } from '../../../main/desk-work.ts';
import { createMembership } from '../../../main/membership.ts';
import { createWorkstation } from '../../../main/workstation/workstation.ts';
import { answerCalls, fetchHere, tell } from './calls.ts';

// A desk on a computer of its own, as the desktop program wires it, without its windows: it is added to the clinic by its
// codes, finds its server by itself, and answers whatever a page asks.
const [folder = '', secretFile = ''] = process.argv.slice(2);
const secret = { state: 'available', secret: readFileSync(secretFile) } as const;
const keychain = { read: async () => secret, readOrCreate: async () => secret };
const now = () => Date.now();
const after = (ms: number, run: () => void) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};
const fault = (error: unknown) => tell({ event: 'fault', payload: (error as Error).stack ?? String(error) });
process.on('unhandledRejection', fault);
process.on('uncaughtException', fault);

let server = '';
const membership = createMembership({
  ...{ file: path.join(folder, 'identity'), keychain, appVersion: '1.2.3', now, after },
  unsent: () => workstation.unsent(),
  joined: ({ stationCode }, keyOf) => workstation.pair({ station: stationCode, folder, keyOf }),
  async serverAt(url) {
    server = url;
    workstation.serverAt(url);
    tell({ event: 'server', payload: url });
  },
});
const workstation = createWorkstation({
  ...membership,
  ...{ name: 'A desk', appVersion: '1.2.3', fault, now, after },
  paper: async () =>
    (await import('../../../paper/paper.ts')).createPaper(new URL('../../../resources/', import.meta.url)),
  tell: (event, payload) => event === 'link' && tell({ event, payload }),
});
const operations = new Map(listOperations(api).map(({ name, operation }) => [name as string, operation]));
const handlers: Readonly<Record<string, (input: never) => unknown>> = {
  ...membership.handlers,
  ...createDeskWork({ work: workstation.work, save: () => Promise.reject(new Error('Nothing is saved here.')) }),
  fetch: (input) => fetchHere(membership.fetch, server, input),
  async close() {
    workstation.close();
    await membership.close();
  },
};

await membership.open();
answerCalls(async (name, input, more: CallOptions) => {
  const handler = handlers[name];
  if (handler) return handler(input);
  const operation = operations.get(name);
  if (!operation) throw new Error(`There is no ${name}.`);
  const answer = await workstation.call(name, operation, input, more);
  return operation.kind === 'download' ? new Response((answer as Download).body).bytes() : answer;
});
