import { once } from 'node:events';
import { createChance } from '../../day/random.ts';
import { answerCalls } from './calls.ts';
import { createLossyWire } from './lossy-wire.ts';
import { DOOR } from './namespaces.ts';

// A bad line to each address at which the server may be, on a desk's own computer.
const [seed = '0', localAddress = '', ...addresses] = process.argv.slice(2);
const chance = createChance(Number(seed));
const wires = addresses.map((host) => createLossyWire({ host, port: DOOR, localAddress }, chance.fork(host)));
const ports: Record<string, number> = {};
for (const [index, { server }] of wires.entries()) {
  await once(server.listen(0), 'listening');
  ports[addresses[index] ?? ''] = (server.address() as { port: number }).port;
}

answerCalls((name) => {
  if (name === 'calm') for (const { calm } of wires) calm();
  return ports;
});
