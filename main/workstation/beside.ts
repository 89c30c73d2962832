import type { RowOf } from '../../contract/sync.ts';
import { numberedFrom } from '../../domain/numbered.ts';
import type { Item, Outbox } from './outbox.ts';
import { dayOn, type Picture } from './picture.ts';

type Note = RowOf<'notes'>['items'][number];

const COUNT = 'paper.countSlip';
const NOTE = 'notes.save';

/** Commands about a visit that do not move it: another one's version says nothing about them. */
export const isBeside = ({ operation }: Pick<Item, 'operation'>): boolean => operation === COUNT || operation === NOTE;

/** Lays a note that was written here over what the server knows of them. */
export function layNote(picture: Picture, { operation, input, commandId, userId, madeAt }: Item): Note | null {
  const visit = picture.visits.get(String(input['id']))?.visit;
  if (operation !== NOTE || !visit) return null;
  const known = picture.notes.get(visit.patientId)?.items ?? [];
  const day = dayOn(picture, madeAt);
  const isMine = (note: Note) =>
    note.visitId === visit.id && note.authorId === userId && dayOn(picture, Date.parse(note.createdAt)) === day;
  const mine = known.find(isMine);
  const at = new Date(madeAt).toISOString();
  const note: Note = {
    ...{ visitId: visit.id, patientId: visit.patientId, token: visit.token, clinicDay: visit.clinicDay },
    ...{ authorId: userId, author: picture.people.get(userId)?.name ?? '', text: String(input['text']) },
    id: mine?.id ?? numberedFrom(commandId)(),
    version: (mine?.version ?? 0) + 1,
    createdAt: mine?.createdAt ?? at,
    updatedAt: at,
  };
  picture.notes.set(visit.patientId, { items: [note, ...known.filter(({ id }) => id !== note.id)] });
  return note;
}

/** Does without the server what moves no visit. Null when this is not such a command, or the visit is not here. */
export function besideAlone(outbox: Outbox, item: Item, picture: Picture): unknown {
  const visit = picture.visits.get(String(item.input['id']))?.visit;
  if (!visit || !isBeside(item)) return null;
  const about = { shown: true, visitId: visit.id, patientId: visit.patientId, label: visit.token };
  const done = (n: number, answer: Item['answer']) => outbox.change(n, { answer }).answer;
  if (item.operation === COUNT) return done(outbox.change(item.n, about).n, { copy: copyOf(outbox.all(), item) });
  // A note that is typed on replaces what was not sent of it: one note, not one for each pause.
  const before = outbox.all().find((one) => isSame(one, item) && one.shown && one.attempts === 0);
  if (!before) return done(item.n, layNote(picture, outbox.change(item.n, about)));
  const longer = { ...before.input, text: item.input['text'] };
  const note = layNote(picture, outbox.change(before.n, { input: longer, madeAt: item.madeAt }));
  outbox.remove(item.n);
  // It was laid over itself: on the server it will be one version, not two.
  return done(before.n, note && { ...note, version: note.version - 1 });
}

const isSame = (one: Item, { n, operation, input, userId }: Item): boolean =>
  one.n < n &&
  one.state === 'waiting' &&
  one.operation === operation &&
  one.userId === userId &&
  one.input['id'] === input['id'];

/** A slip of a token that was given elsewhere is a copy: the first one came out there. */
function copyOf(items: readonly Item[], { n, input }: Item): number {
  const of = items.filter((one) => one.n <= n);
  const counted = of.filter(({ operation, input: other }) => operation === COUNT && other['id'] === input['id']).length;
  const given = of.some(({ operation, visitId }) => operation.startsWith('visits.issue') && visitId === input['id']);
  return counted + (given ? 0 : 1);
}
