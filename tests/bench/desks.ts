import { v7 as uuidv7 } from 'uuid';
import { answerOrders } from './helper.ts';
import { type Connection, connect, requestText } from './http-client.ts';

/** Desks that do nothing but one thing, each on a connection of its own. */
export type DeskOrder = Readonly<{
  port: number;
  kind: 'tokens' | 'noop' | 'search';
  clients: number;
  seconds: number;
  /** At most so many requests, where a rate limit would stop more. */
  most?: number;
  /** Requests a second of all desks together, by the clock; as fast as they are answered when absent. */
  pace?: number;
  tokens: readonly string[];
  patients: readonly string[];
  queues: readonly string[];
  searches?: readonly string[];
}>;
export type DeskResult = Readonly<{
  done: number;
  failed: number;
  failures: readonly string[];
  seconds: number;
  latencies: readonly number[];
  numbers: readonly string[];
}>;

let turn = 0;

function nextRequest({ kind, tokens, patients, queues, searches = [] }: DeskOrder, client: number): string {
  turn += 1;
  const headers = { Authorization: `Bearer ${tokens[(kind === 'search' ? turn : client) % tokens.length]}` };
  if (kind === 'search')
    return requestText(
      'GET',
      `/api/v1/patients?limit=20&q=${encodeURIComponent(searches[turn % searches.length] as string)}`,
      headers,
    );
  const body = {
    patientId: patients[turn % patients.length],
    queueId: queues[turn % queues.length],
    confirmRepeat: true,
  };
  if (kind === 'noop') return requestText('POST', '/noop', {}, body);
  return requestText('POST', '/api/v1/visits', { ...headers, 'Idempotency-Key': uuidv7() }, body);
}

answerOrders<DeskOrder, DeskResult>(async (order) => {
  const connections = await Promise.all(Array.from({ length: order.clients }, () => connect(order.port)));
  const { most = Number.POSITIVE_INFINITY } = order;
  const latencies: number[] = [];
  const numbers: string[] = [];
  const failures: string[] = [];
  let failed = 0;
  const once = async (connection: Connection, client: number, since: number) => {
    const { status, body } = await connection.send(nextRequest(order, client));
    latencies.push(performance.now() - since);
    const token = /"token":"([^"]+)"/.exec(body)?.[1];
    if (token) numbers.push(`${/"queueId":"([^"]+)"/.exec(body)?.[1]} ${token}`);
    if (status < 300) return;
    failed += 1;
    if (failures.length < 3) failures.push(`${status} ${body.slice(0, 200)}`);
  };
  const begun = performance.now();
  const end = begun + order.seconds * 1000;
  await (order.pace
    ? paced(order, connections, begun, once)
    : Promise.all(
        connections.map(async (connection, client) => {
          for (let now = performance.now(); now < end && latencies.length < most; now = performance.now())
            await once(connection, client, now);
        }),
      ));
  const seconds = (performance.now() - begun) / 1000;
  for (const connection of connections) connection.close();
  return {
    done: latencies.length - failed,
    failed,
    failures,
    seconds,
    latencies: order.pace || order.clients === 1 ? latencies : [],
    numbers,
  };
});

type Once = (connection: Connection, client: number, since: number) => Promise<void>;

/** By the clock: the wait of a request that had to stand in line counts from when it was due, not from when it was sent. */
async function paced(order: DeskOrder, connections: readonly Connection[], begun: number, once: Once): Promise<void> {
  const idle = connections.map((_, index) => index);
  const late: number[] = [];
  const running = new Set<Promise<void>>();
  const begin = (due: number) => {
    const client = idle.shift();
    if (client === undefined) return void late.push(due);
    const run = once(connections[client] as Connection, client, due).finally(() => {
      running.delete(run);
      idle.push(client);
      const next = late.shift();
      if (next !== undefined) begin(next);
    });
    running.add(run);
  };
  const gap = 1000 / (order.pace as number);
  for (let index = 0; index * gap < order.seconds * 1000; index += 1) {
    const due = begun + index * gap;
    const early = due - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    begin(Math.max(due, performance.now() - 1));
  }
  while (running.size > 0) await Promise.all(running);
}
