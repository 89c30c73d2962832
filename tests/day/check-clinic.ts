import { readCsv, verifyAudit } from '../../server/audit/verify-file.ts';
import type { StoredVisit } from './check-answers.ts';
import type { Stage } from './clinic.ts';
import { brief, type Ledger, visitOf } from './ledger.ts';
import { sleep } from './random.ts';
import type { BoardView, BoardWatch, FeedEntry } from './watch.ts';

/** What was pushed last, what the board says when asked, and what the visits say: one and the same. */
export async function checkBoard(
  ledger: Ledger,
  stage: Stage,
  watch: BoardWatch | null,
  stored: ReadonlyMap<string, StoredVisit>,
): Promise<BoardView> {
  const view = await stage.admin.ask.boards.get({ id: stage.boardId });
  const visits = [...stored.values()];
  for (const queue of view.queues) {
    const line = visits
      .filter(({ state, queueId }) => state === 'waiting' && queueId === queue.id)
      .sort((a, b) => (a.place ?? 0) - (b.place ?? 0));
    const places = line.map(({ place }) => place);
    if (places.some((place, index) => place !== index + 1))
      ledger.violation(`The places of queue ${queue.code} are ${brief(places)}`);
    if (queue.waiting !== line.length)
      ledger.violation(`The board says ${queue.waiting} wait in ${queue.code}, the visits say ${line.length}`);
    const next = line.slice(0, queue.next.length).map(({ token }) => token);
    if (brief(next) !== brief(queue.next))
      ledger.violation(`The board says ${brief(queue.next)} are next in ${queue.code}, the visits say ${brief(next)}`);
  }
  const shown = view.calls.map(({ visitId, token, state }) => `${visitId} ${token} ${state}`).sort();
  const queues = new Set(view.queues.map(({ id }) => id));
  const there = visits
    .filter(({ state, queueId }) => (state === 'called' || state === 'in_room') && queues.has(queueId))
    .map(({ id, token, state }) => `${id} ${token} ${state}`)
    .sort();
  if (brief(shown) !== brief(there))
    ledger.violation(`The board shows ${brief(shown)}, the visits say ${brief(there)}`);
  if (watch) await comparePushed(ledger, watch, view);
  return view;
}

/** The last push may still be on its way: it is given as long as a person would give it. */
async function comparePushed(ledger: Ledger, watch: BoardWatch, view: BoardView): Promise<void> {
  for (let patience = 50; patience > 0 && (watch.latest()?.seq ?? 0) < view.seq; patience -= 1) await sleep(100);
  const pushed = watch.latest();
  const essence = (board: BoardView | null) =>
    JSON.stringify([board?.calls, board?.queues.map(({ id, waiting, next, state }) => [id, waiting, next, state])]);
  if (essence(pushed) !== essence(view))
    ledger.violation(
      `The screen in the hall shows ${essence(pushed)} (change ${pushed?.seq}), and should ${essence(view)} (change ${view.seq})`,
    );
}

/** Nobody was ever called into a full room: from the answers, in the order of the feed. */
export function checkRooms(ledger: Ledger, stage: Stage, feed: readonly FeedEntry[]): void {
  const capacity = new Map(stage.rooms.map(({ room }) => [room.id, room]));
  const answers = new Map(ledger.facts.map((fact) => [fact.commandId, visitOf(fact)]));
  const lastRoom = new Map<string, string>();
  const inside = new Map<string, string>();
  feed.forEach((entry, index) => {
    if (entry.event !== 'visit.changed') return;
    const visitId = String(entry.payload['visitId']);
    const answer = answers.get(entry.commandId ?? '');
    if (answer?.id === visitId && answer.roomId) lastRoom.set(visitId, answer.roomId);
    const there = entry.payload['state'] === 'called' || entry.payload['state'] === 'in_room';
    const room = lastRoom.get(visitId);
    if (there && room) inside.set(visitId, room);
    else inside.delete(visitId);
    // Looked at when a command is complete: “finish and call the next” moves two people.
    if (feed[index + 1]?.commandId === entry.commandId) return;
    for (const [id, { name, capacity: most }] of capacity) {
      const people = [...inside.values()].filter((at) => at === id).length;
      if (people > most) ledger.violation(`${people} people were in ${name} at once, after change ${entry.seq}`);
    }
  });
}

export type AuditFound = { entries: number; whole: boolean };

/** The exported log proves itself, and has exactly one entry for every command that was answered. */
export async function checkAudit(ledger: Ledger, { admin }: Stage): Promise<AuditFound> {
  const download = await admin.ask.audit.export({ format: 'csv' });
  const text = await new Response(download.body).text();
  const verdict = await verifyAudit(asStream(text));
  if (!verdict.whole)
    ledger.violation(
      `The audit export does not verify: ${verdict.findings
        .slice(0, 3)
        .map(({ seq, problem }) => `entry ${seq}: ${problem}`)
        .join('; ')}`,
    );
  const outcomes = await outcomesByCommand(text);
  for (const { name, commandId, reply } of ledger.facts) {
    const found = outcomes.get(commandId) ?? [];
    const expected = `${name} ${reply.ok ? 'ok' : reply.code}`;
    if (found.length !== 1 || found[0] !== expected)
      ledger.violation(`${name} ${commandId} was answered “${expected}” and the audit has ${brief(found)}`);
  }
  return { entries: verdict.entries, whole: verdict.whole };
}

async function outcomesByCommand(text: string): Promise<Map<string, string[]>> {
  const outcomes = new Map<string, string[]>();
  let columns: string[] | undefined;
  for await (const row of readCsv(asStream(text))) {
    columns ??= row;
    const cell = (name: string) => row[columns?.indexOf(name) ?? -1] ?? '';
    if (cell('kind') !== 'entry' || cell('command_id') === '') continue;
    outcomes.set(cell('command_id'), [
      ...(outcomes.get(cell('command_id')) ?? []),
      `${cell('action')} ${cell('outcome')}`,
    ]);
  }
  return outcomes;
}

async function* asStream(text: string): AsyncGenerator<string> {
  yield text;
}
