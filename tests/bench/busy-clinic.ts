import { v7 as uuidv7 } from 'uuid';
import { answerOrders } from './helper.ts';
import { connect, requestText } from './http-client.ts';

/** Desks that together take patients through the clinic by the clock: a token, a call, in, and done. */
export type BusyOrder = Readonly<{
  port: number;
  desks: number;
  /** Commands a second, of all desks together. */
  pace: number;
  seconds: number;
  tokens: Readonly<{ desks: readonly string[]; doctor: string }>;
  patients: readonly string[];
  lanes: readonly Readonly<{ queueId: string; roomId: string }>[];
}>;
export type BusyResult = Readonly<{ done: number; failures: readonly string[] }>;

type Step = Readonly<{ id: string; stepId: string; version: number }>;

answerOrders<BusyOrder, BusyResult>(async ({ port, desks, pace, seconds, tokens, patients, lanes }) => {
  const connections = await Promise.all(Array.from({ length: desks }, () => connect(port)));
  const failures: string[] = [];
  let [done, turn] = [0, 0];

  async function post(path: string, token: string | undefined, body: object): Promise<Step | null> {
    turn += 1;
    const headers = { Authorization: `Bearer ${token}`, 'Idempotency-Key': uuidv7() };
    const connection = connections[turn % desks] as (typeof connections)[number];
    const answer = await connection.send(requestText('POST', `/api/v1/${path}`, headers, body));
    if (answer.status < 300) {
      done += 1;
      return (JSON.parse(answer.body) as { data: Step }).data;
    }
    failures.push(`${answer.status} ${answer.body.slice(0, 200)}`);
    return null;
  }
  const after = (visit: Step | null, command: string) =>
    visit &&
    post(`visits/${visit.id}/${command}`, tokens.doctor, { stepId: visit.stepId, expectedVersion: visit.version });

  const rooms = lanes.map(({ queueId, roomId }) => {
    let visit: Step | null = null;
    const steps = [
      () =>
        post('visits', tokens.desks[turn % tokens.desks.length], {
          patientId: patients[turn % patients.length],
          queueId,
          confirmRepeat: true,
        }),
      async () => {
        visit = await post(`queues/${queueId}/call-next`, tokens.doctor, { roomId });
      },
      async () => {
        visit = await after(visit, 'enter');
      },
      () => after(visit, 'finish'),
    ];
    // One command of a room after the other: each needs what the one before answered.
    let [last, at]: [Promise<unknown>, number] = [Promise.resolve(), 0];
    return () => {
      const step = steps[at++ % steps.length] as () => Promise<unknown>;
      last = last.then(step);
      return last;
    };
  });

  const begun = performance.now();
  const running: Promise<unknown>[] = [];
  for (let index = 0; index < pace * seconds; index += 1) {
    const early = begun + (index * 1000) / pace - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    running.push((rooms[index % rooms.length] as () => Promise<unknown>)());
  }
  await Promise.all(running);
  for (const connection of connections) connection.close();
  return { done, failures: failures.slice(0, 3) };
});
