import { commandIdFrom } from '../../../domain/numbered.ts';
import { realPorts } from '../../../server/ports.ts';
import type { Chance } from '../../day/random.ts';
import type { LanDesk } from './clinic.ts';

/** What somebody at a desk was told of something that they did. */
export type Told = Readonly<{
  operation: string;
  input: Readonly<Record<string, unknown>>;
  commandId: string;
  answer: Readonly<Record<string, unknown>>;
  at: number;
}>;
type Row = Awaited<ReturnType<LanDesk['api']['visits']['list']>>['items'][number];
type Act = readonly [operation: string, input: Record<string, unknown>];
type Scene = Readonly<{
  rows: readonly Row[];
  patients: readonly string[];
  own: readonly Told[];
  place: Place;
  calls: boolean;
}>;
export type Place = Readonly<{ queueId: string; roomId: string }>;

/** What people are told when it is not done, and which says what to do. Only what a desk never does alone is unavailable. */
const REFUSALS = new Set([
  ...['needs_server', 'stale', 'invalid_transition', 'token_exists', 'queue_empty', 'room_busy'],
  ...['not_found', 'undo_expired', 'nothing_to_undo'],
]);

/** Who works at a desk: does what its screen offers, and keeps what it said. */
export function createHand(desk: LanDesk, place: Place, chance: Chance, tell: (line: string) => void) {
  const told: Told[] = [];
  const asked = new Set<string>();
  const patients: string[] = [];
  const bugs: string[] = [];
  const { ask } = desk.computer;
  /** Asked, and nobody knows whether it was done: it may be on its way still. */
  const unsure: { input: Act[1]; commandId: string }[] = [];

  async function act(): Promise<void> {
    const { items: rows } = await desk.api.visits.list({ state: ['waiting', 'called', 'in_room'] });
    const [operation, input] = nextOf({ rows, patients, own: told, place, calls: desk.host === 'doctor' }, chance);
    const commandId = commandIdFrom(realPorts.id());
    asked.add(commandId);
    const answer = await ask(operation, input, { commandId }).catch((error) => {
      if (isUnsure(operation, error)) unsure.push({ input, commandId });
      return refused(operation, error);
    });
    const { token = '', copy = '' } = (answer ?? { token: 'refused' }) as Told['answer'];
    tell(`${desk.code} ${desk.link().state} ${operation} ${token}${copy}`);
    if (answer) await keep({ operation, input, commandId, answer: answer as Told['answer'], at: Date.now() });
  }

  function refused(operation: string, error: { code?: string }): null {
    const { code = '' } = error;
    if (!REFUSALS.has(code) && !isUnsure(operation, error)) bugs.push(`${desk.code} ${operation}: ${error}`);
    return null;
  }

  async function keep(one: Told): Promise<void> {
    const { operation, input, answer } = one;
    told.push(one);
    if (operation === 'patients.register') patients.push(String(answer['id']));
    // Whoever was told which copy it is takes it out of the printer.
    if (operation !== 'paper.countSlip') return;
    const slip = (await ask('paper.slip', { id: input['id'], copy: answer['copy'] })) as Uint8Array;
    if (Buffer.from(slip.subarray(0, 5)).toString() !== '%PDF-') bugs.push(`${desk.code}: a slip is no PDF`);
  }

  return {
    ...{ desk, told, asked, bugs },
    /** Asks once more what nobody knows of: whatever of it still arrives after that changes nothing. */
    async settle(): Promise<void> {
      for (const { input, commandId } of unsure.splice(0))
        await ask('visits.undo', input, { commandId }).catch((error) => refused('visits.undo', error));
    },
    async work(acts: number): Promise<void> {
      for (let n = 0; n < acts; n += 1) await act().catch((error) => bugs.push(`${desk.code}: ${error}`));
    },
  };
}
/** Only the server takes something back: a desk that hears nothing cannot say whether it did. */
const isUnsure = (operation: string, { code }: { code?: string }) =>
  operation === 'visits.undo' && code === 'unavailable';

export type Hand = ReturnType<typeof createHand>;

/** What is done next, by what the screen shows. */
function nextOf({ rows, patients, own, place, calls }: Scene, chance: Chance): Act {
  const { queueId, roomId } = place;
  const some: Act[] = [['patients.register', { name: `Newcomer ${Math.floor(chance.next() * 1e9).toString(36)}` }]];
  const on = ({ id, stepId, version }: Row) => ({ id, stepId, expectedVersion: version });
  const free = patients.filter((id) => !rows.some(({ patient }) => patient.id === id));
  if (free.length > 0) some.push(...three(['visits.issue', { patientId: chance.pick(free), queueId }]));
  const waiting = rows.filter(({ state }) => state === 'waiting');
  const mine = rows.filter((row) => row.roomId === roomId);
  const issued = own.findLast(({ operation }) => operation === 'visits.issue');
  if (calls) {
    for (const row of mine) some.push(...three(...servingActs(row, on(row), chance)));
    if (mine.length === 0 && waiting.length > 0) some.push(...three(['queues.callNext', { id: queueId, roomId }]));
  } else {
    if (issued) some.push(...three(['paper.countSlip', { id: issued.answer['id'] }]));
    if (waiting.length > 3) some.push(['visits.cancel', { ...on(chance.pick(waiting)), reason: 'went home' }]);
  }
  const last = own.at(-1);
  if (last?.operation.startsWith('visits.')) some.push(['visits.undo', { id: last.answer['id'] }]);
  return chance.pick(some);
}

function servingActs({ id, state }: Row, on: Record<string, unknown>, chance: Chance): Act[] {
  if (state === 'called')
    return [
      ['visits.enter', on],
      [chance.happens(0.5) ? 'visits.noShow' : 'visits.return', on],
    ];
  const text = `Seen: ${Math.floor(chance.next() * 1e9).toString(36)}`;
  return [
    ['visits.finish', on],
    ['notes.save', { id, text }],
  ];
}

/** What is done more often than the rest. */
const three = (...acts: Act[]): Act[] => [...acts, ...acts, ...acts];
