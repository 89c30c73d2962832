import { parentPort, workerData } from 'node:worker_threads';
import { checkpointText, openSigningKey } from '../audit/chain.ts';
import { CHUNK, type ExportOrder, exportAudit } from '../audit/export.ts';
import { createDetailReader } from '../audit/scan.ts';
import { verifyStored } from '../audit/verify-stored.ts';
import { copyDatabase } from '../backup/copy.ts';
import { openReader, type StoreLocation } from '../db/open.ts';
import { deriveKey, unseal } from '../keys.ts';
import { iso, realPorts } from '../ports.ts';

/** Work that would hold the server's thread: it has a thread and a reading connection of its own. */
export type Task =
  | Readonly<{ kind: 'export'; order: ExportOrder }>
  | Readonly<{ kind: 'verify'; clinicId: string }>
  | Readonly<{ kind: 'backup'; target: string }>;
export type WorkerOrder = Readonly<{ location: StoreLocation; master: Buffer; task: Task }>;
export type WorkerMessage =
  | Readonly<{ chunk: Uint8Array<ArrayBuffer> }>
  | Readonly<{ done: number; total: number | null }>
  | Readonly<{ result: Record<string, string | number | boolean | null> }>
  | Readonly<{ error: string }>;

/** How many pieces may be under way: what bounds the memory. Each comes back when it was written out. */
const AHEAD = 4;

const port = parentPort;
if (port) {
  const order = workerData as WorkerOrder;
  // Buffers arrive as plain byte arrays.
  const location =
    order.location.dialect === 'sqlite' ? { ...order.location, key: Buffer.from(order.location.key) } : order.location;
  const send = (message: WorkerMessage) => port.postMessage(message);
  const free = Array.from({ length: AHEAD }, () => new ArrayBuffer(2 * CHUNK));
  let wake = () => {};
  port.on('message', (buffer: ArrayBuffer) => {
    free.push(buffer);
    wake();
  });
  const sendChunk = async (bytes: Uint8Array) => {
    while (free.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    const buffer = free.pop() as ArrayBuffer;
    const chunk = new Uint8Array(
      buffer.byteLength < bytes.length ? new ArrayBuffer(bytes.length) : buffer,
      0,
      bytes.length,
    );
    chunk.set(bytes);
    port.postMessage({ chunk } satisfies WorkerMessage, [chunk.buffer]);
  };
  run({ ...order, location, master: Buffer.from(order.master) }, send, sendChunk).then(
    () => port.close(),
    (error: Error) => {
      send({ error: error.message });
      port.close();
    },
  );
}

async function run(
  { location, master, task }: WorkerOrder,
  send: (message: WorkerMessage) => void,
  sendChunk: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  if (task.kind === 'backup') return send({ result: await copyDatabase(location, master, task.target) });
  const { reader, close } = await openReader(location);
  try {
    const { t, db } = reader;
    const secrets = new Map((await db.select().from(t.secrets)).map((row) => [row.name, row.wrapped]));
    const secret = (name: string) => unseal(deriveKey(master, 'wrapping'), secrets.get(name) as Buffer, name);
    const details = createDetailReader(reader, master, secret('detail'));
    const signing = openSigningKey(secret('audit-signing'));
    const progress = (done: number, total: number | null) => send({ done, total });
    if (task.kind === 'verify') {
      return send({
        result: await verifyStored(
          reader,
          details,
          { clinicId: task.clinicId, publicKey: signing.publicKey },
          progress,
        ),
      });
    }
    const sign = (seq: number, hash: string) => {
      const at = iso(realPorts.now());
      const { clinicId, epoch } = task.order;
      return { at, signature: signing.sign(checkpointText({ clinicId, epoch, seq, at, hash })) };
    };
    for await (const chunk of exportAudit(reader, details, task.order, sign)) await sendChunk(chunk);
    send({ result: {} });
  } finally {
    await close();
  }
}
