import path from 'node:path';
import type { SyncRow } from '../../../contract/sync.ts';
import { ALONE } from '../../../main/workstation/alone.ts';
import { createCache } from '../../../main/workstation/cache.ts';
import { openMemory } from '../../../main/workstation/memory.ts';
import { createOutbox, type Item } from '../../../main/workstation/outbox.ts';
import { pictureOf } from '../../../main/workstation/overlay.ts';
import { keyFor } from '../../../main/workstation/sealing.ts';
import { databaseKey } from '../../../server/backup/copy.ts';
import { dataFolder } from '../../../server/data-folder.ts';
import { openStore } from '../../../server/db/open.ts';
import { keyFromFile } from '../../../server/keys.ts';
import { realPorts } from '../../../server/ports.ts';
import { openVault } from '../../../server/vault.ts';
import { clientBy } from '../desk.ts';
import { deskEvidence, storeEvidence } from '../evidence.ts';
import type { DeskHeld, Evidence, Shown } from '../invariants.ts';
import { fetchAt } from './calls.ts';
import type { LanClinic } from './clinic.ts';
import type { Hand, Place, Told } from './people.ts';

/** What is on the disks of a clinic whose programs have ended, and what its people were told. */
export async function evidenceOf(
  clinic: LanClinic,
  hands: readonly Hand[],
  { place, fill }: Readonly<{ place: Place; fill: readonly SyncRow[] }>,
): Promise<Evidence> {
  const held = hands.map((hand) => heldBy(hand, clinic.secret, fill));
  const folder = dataFolder(clinic.data);
  const master = keyFromFile(folder.keyFile, true).bytes;
  const store = await openStore({ dialect: 'sqlite', file: folder.database, key: databaseKey(master) });
  const server = await storeEvidence(store, await openVault(store, master, realPorts), fill);
  await store.close();
  return {
    ...{ server, desks: held, boards: [], restoredAt: null, clockWrong: false },
    shown: hands.flatMap(({ desk, told }, index) =>
      told.filter(({ operation }) => MOVES.test(operation)).map((one) => shownBy(desk.code, one, held[index], place)),
    ),
  };
}

/** What moves a visit, or registers somebody. Slips and notes are looked at by themselves. */
const MOVES = /^(patients|visits|queues)\./;

/** Everything that the server would give a desk that begins afresh. */
export async function fillFor(desk: LanClinic['desks'][number]): Promise<SyncRow[]> {
  const { sync } = clientBy(fetchAt(desk.computer), '');
  const rows: SyncRow[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await sync.fill(cursor ? { cursor } : {});
    rows.push(...(page.rows as SyncRow[]));
    cursor = page.cursor;
  }
  return rows;
}

function heldBy({ desk, asked }: Hand, secret: Buffer, fill: readonly SyncRow[]): DeskHeld {
  const files = ['cache', 'outbox'].map((name) =>
    openMemory(path.join(desk.folder, `${name}.db`), keyFor(secret, name)),
  );
  const [cacheFile, outboxFile] = files as [ReturnType<typeof openMemory>, ReturnType<typeof openMemory>];
  const cache = createCache(cacheFile);
  const items = createOutbox(outboxFile).all();
  const { code, deviceId } = desk;
  const seen = { code, deviceId, asked, cache, items, picture: pictureOf(cache, items, code, Date.now()) };
  const held = deskEvidence(seen, fill);
  for (const file of files) file.close();
  return held;
}

function shownBy(desk: string, told: Told, held: DeskHeld | undefined, { queueId, roomId }: Place): Shown {
  const { operation, input, answer, at } = told;
  const item = itemOf(told, held?.items ?? []);
  const text = (key: string) => (answer[key] ?? null) as string | null;
  const isPatient = operation === 'patients.register';
  const isCall = operation === 'queues.callNext';
  return {
    ...{ desk, operation, at, clockSure: true, alone: (item?.touches.length ?? 0) > 0 },
    commandId: item?.commandId ?? told.commandId,
    asked: isPatient || isCall ? null : ((input['id'] ?? null) as string | null),
    visitId: isPatient ? null : text('id'),
    patientId: isPatient ? text('id') : text('patientId'),
    label: isPatient ? text('registrationNumber') : text('token'),
    clinicDay: text('clinicDay'),
    call: isCall ? { roomId, queueId, bound: false } : null,
  };
}

/** What the desk made of what was asked: alone it sends something else, under another id. */
const itemOf = ({ operation, commandId, answer, at }: Told, items: readonly Item[]): Item | undefined =>
  items.find((item) => item.commandId === commandId || item.input['supersedes'] === commandId) ??
  items.findLast(
    ({ visitId, input, madeAt }) =>
      operation === 'queues.callNext' && input['reason'] === ALONE && visitId === answer['id'] && madeAt <= at,
  );
