import { commandIdFrom } from '../../domain/numbered.ts';
import { provisionalNumber } from '../../domain/station.ts';
import { tokenLabel, tokenNumberOf } from '../../domain/token.ts';
import type { Cache } from './cache.ts';
import type { Item, Outbox } from './outbox.ts';

/** Numbers left out after a loss: more than a desk gives in the days that a server may be away. */
const ROOM = 1000;
const LOST = 'work_lost';

const isLoss = ({ operation, input }: Item) => operation === 'sheet.report' && input['refusal'] === LOST;
const unsigned = (outbox: Outbox) => outbox.all().find((item) => isLoss(item) && item.userId === '');

/** The file of what is to be handed over was damaged, and is kept under this name: the clinic hears that work is missing. */
export function noteLoss(outbox: Outbox, { file, at, newId }: { file: string; at: number; newId: () => string }): void {
  const input = {
    commandId: commandIdFrom(newId()),
    operation: 'desk.lost',
    refusal: LOST,
    facts: { file },
    visitId: null,
    patientId: null,
  };
  const commandId = commandIdFrom(newId());
  outbox.add({ commandId, operation: 'sheet.report', input, userId: '', madeAt: at, shown: true });
}

/** When it was noticed, ms since 1970, until the server has heard of it. */
export const lossOf = (outbox: Outbox): number | null =>
  outbox.all().find((item) => isLoss(item) && item.state === 'waiting')?.madeAt ?? null;

/** A report needs somebody's name: that of whoever works here first. */
export function signLoss(outbox: Outbox, userId: string): void {
  const item = unsigned(outbox);
  if (item) outbox.change(item.n, { userId });
}

/**
 * After which number a series begins that the outbox does not know: the last that the clinic knows of this desk; and after
 * a loss far behind it, so that no number on somebody's slip is given again.
 */
export const beginOf = (cache: Cache, outbox: () => Outbox, station: string) => (series: string) => {
  const known = series === 'patient' ? patientsOf(cache, station) : tokensOf(cache, station, series);
  return Math.max(0, ...known) + (outbox().all().some(isLoss) ? ROOM : 0);
};

function patientsOf(cache: Cache, station: string): number[] {
  const prefix = provisionalNumber(station, 0).replace(/\d+$/, '');
  return cache
    .find([prefix.toLowerCase()], Number.MAX_SAFE_INTEGER)
    .flatMap(({ registrationNumber, otherNumbers }) => [registrationNumber, ...otherNumbers])
    .filter((number) => number.startsWith(prefix))
    .map((number) => Number(number.slice(prefix.length)));
}

function tokensOf(cache: Cache, station: string, series: string): number[] {
  const prefix = tokenLabel(series.replace('token ', ''), 0, station).replace(/\d+$/, '');
  return [...cache.table('visit').values()]
    .filter(({ visit }) => visit.token.startsWith(prefix))
    .map(({ visit }) => tokenNumberOf(visit.token));
}
