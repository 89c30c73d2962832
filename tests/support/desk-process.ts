import path from 'node:path';
import { ApiError } from '../../contract/kit.ts';
import { createCache } from '../../main/workstation/cache.ts';
import { createCore } from '../../main/workstation/core.ts';
import { openMemory } from '../../main/workstation/memory.ts';
import { createOutbox } from '../../main/workstation/outbox.ts';
import { realPorts } from '../../server/ports.ts';

// A desk without its server, as a process that can be killed: it registers people and gives tokens as fast as it can, and
// says each one on its output, as a screen would, once it is done.
const [folder = '', station = '', userId = '', queueId = '', now = '0', turns = 'Infinity'] = process.argv.slice(2);
const key = Buffer.alloc(32, 9);
const began = performance.now();
const core = createCore({
  cache: createCache(openMemory(path.join(folder, 'cache.db'), key)),
  outbox: createOutbox(openMemory(path.join(folder, 'outbox.db'), key)),
  send: () => Promise.reject(new ApiError('unavailable')),
  ...{ station, appVersion: '0.0.0', newId: realPorts.id, after: realPorts.after },
  now: () => Number(now) + Math.round(performance.now() - began),
  changed: () => undefined,
});

for (let turn = 1; turn <= Number(turns); turn += 1) {
  const person = (await core.command('patients.register', { name: `Somebody ${process.pid} ${turn}` }, userId)) as {
    id: string;
    registrationNumber: string;
  };
  process.stdout.write(`${person.registrationNumber} ${person.id}\n`);
  const input = { patientId: person.id, queueId, priority: 'normal', reason: null };
  const visit = (await core.command('visits.issue', input, userId)) as { id: string; token: string };
  process.stdout.write(`${visit.token} ${visit.id}\n`);
  // A person takes a breath; and whoever kills this process gets a chance between any two steps.
  await new Promise(setImmediate);
}
