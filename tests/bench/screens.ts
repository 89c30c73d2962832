import { randomUUID } from 'node:crypto';
import WebSocket from 'ws';
import { answerOrders } from './helper.ts';
import { connect, requestText } from './http-client.ts';

/** Screens that wait for a push, and a hand that gives the commands: one clock for both. */
export type ScreenOrder = Readonly<{
  port: number;
  /** Raw: no Socket.io, the whole message is the mark. */
  raw: boolean;
  screens: number;
  token: string;
  boardId: string | null;
  commands: number;
  gap: number;
  path: string;
  senders: readonly string[];
  /** What to look for: the pushed board that shows this call (or a newer one), or the change with this command's id. */
  mark: 'board' | 'changed';
}>;
export type ScreenResult = Readonly<{
  toLast: readonly number[];
  answers: readonly number[];
  bytes: number;
  missing: number;
}>;

type Heard = { mark: string; at: number };

answerOrders<ScreenOrder, ScreenResult>(async (order) => {
  const screens = await Promise.all(Array.from({ length: order.screens }, () => openScreen(order)));
  await pause(500);
  const connections = await Promise.all(Array.from({ length: 8 }, () => connect(order.port)));
  const sent: { at: number; mark: string }[] = [];
  const answers: number[] = [];
  const running: Promise<void>[] = [];
  const begun = performance.now();
  for (let index = 0; index < order.commands; index += 1) {
    const due = begun + index * order.gap;
    if (due > performance.now()) await pause(due - performance.now());
    const id = randomUUID();
    const headers = { Authorization: `Bearer ${order.senders[index % order.senders.length]}`, 'Idempotency-Key': id };
    const connection = connections[index % connections.length] as (typeof connections)[number];
    const at = performance.now();
    const earlier = running[index - connections.length];
    running.push(
      (earlier ?? Promise.resolve()).then(async () => {
        const { status, body } = await connection.send(
          requestText('POST', order.path, headers, order.raw ? { id } : {}),
        );
        if (status >= 300) throw new Error(`${status} ${body.slice(0, 200)}`);
        answers.push(performance.now() - at);
        sent.push({ at, mark: order.mark === 'changed' ? id : (/"calledAt":"([^"]+)"/.exec(body)?.[1] ?? '') });
      }),
    );
  }
  await Promise.all(running);
  await pause(600);
  for (const { socket } of screens) socket.close();
  for (const connection of connections) connection.close();
  const waits = sent.map(({ at, mark }) =>
    Math.max(...screens.map(({ heard }) => (firstWith(heard, mark, order.mark === 'board') ?? Number.NaN) - at)),
  );
  const bytes = Math.max(...screens.map(({ size }) => size()));
  return {
    toLast: waits.filter((wait) => !Number.isNaN(wait)),
    answers,
    bytes,
    missing: waits.filter(Number.isNaN).length,
  };
});

/** A board may skip a call that a newer one has replaced: showing the newer one counts. */
const firstWith = (heard: readonly Heard[], mark: string, orNewer: boolean): number | undefined =>
  heard.find((one) => (orNewer ? one.mark >= mark : one.mark === mark))?.at;

/** Speaks as much of Engine.io and Socket.io as a screen must, so that no client library is measured with the server. */
async function openScreen({
  port,
  raw,
  token,
  boardId,
  mark,
}: ScreenOrder): Promise<{ socket: WebSocket; heard: Heard[]; size: () => number }> {
  const query = raw ? '' : `?EIO=4&transport=websocket${boardId ? `&boardId=${boardId}` : ''}`;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/live/${query}`, { perMessageDeflate: false });
  const heard: Heard[] = [];
  let size = 0;
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () => raw && resolve());
    socket.on('message', (data) => {
      const text = data.toString();
      if (text === '2') return void socket.send('3');
      if (text.startsWith('0{')) return void socket.send(`40${JSON.stringify({ token })}`);
      if (text.startsWith('40')) return resolve();
      if (text.startsWith('44')) return reject(new Error(text));
      const at = performance.now();
      if (raw || text.startsWith(`42["${mark}"`)) {
        size = Math.max(size, text.length);
        const pattern = mark === 'board' && !raw ? /"calledAt":"([^"]+)"/g : /"(?:commandId|id)":"([^"]+)"/g;
        // A board begins with the latest call; changes may carry several commands.
        for (const found of text.matchAll(pattern)) {
          heard.push({ mark: found[1] as string, at });
          if (mark === 'board' && !raw) break;
        }
      }
    });
  });
  return { socket, heard, size: () => size };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
