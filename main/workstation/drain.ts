import { ApiError } from '../../contract/kit.ts';
import { commandIdFrom } from '../../domain/numbered.ts';
import { isBeside } from './beside.ts';
import type { Send } from './core.ts';
import { type Item, isReport, type Outbox } from './outbox.ts';

type Facts = NonNullable<Item['refusal']>['facts'];
type Options = Readonly<{ outbox: Outbox; send: Send; clock: () => number; newId: () => string }>;

export type Drain = Readonly<{
  /** Sends what was shown as done and waits, in the order in which it was done; whether anything was sent. @throws ApiError when nobody answers. */
  run: () => Promise<boolean>;
  /** The server did it. */
  confirm: (item: Item, answer: unknown) => void;
}>;

/** Faults of the line or of the moment: the item is not to blame, and is sent again. */
const PASSING: readonly string[] = ['unavailable', 'rate_limited'];
export const isPassing = (error: unknown): boolean => error instanceof ApiError && PASSING.includes(error.code);

/** After so many faults of the server's own on one item the others go on without it. */
const TRIES = 5;

export function createDrain({ outbox, send, clock, newId }: Options): Drain {
  function confirm(item: Item, answer: unknown): void {
    const { version, token, id, patientId } = (answer ?? {}) as Partial<Record<string, string & number>>;
    const beside = isBeside(item);
    // A note has a token, too: that of its visit.
    const isVisit = typeof token === 'string' && !beside;
    const visitId = isVisit ? id : beside ? String(item.input['id']) : null;
    outbox.change(item.n, {
      state: 'confirmed',
      shown: true,
      settledAt: clock(),
      version: isVisit ? (version ?? null) : null,
      label: item.label ?? token ?? null,
      visitId: item.visitId ?? visitId ?? null,
      patientId: item.patientId ?? patientId ?? (item.operation === 'patients.register' ? (id ?? null) : null),
      answer: beside ? (answer as Item['answer']) : null,
      seen: isReport(item) || outbox.get(item.n)?.seen === true,
    });
  }

  /** What the desk had shown and the server will not do: kept with the reason, and reported for a person to settle. */
  function refuse(item: Item, code: string, facts: Facts): void {
    outbox.together(() => {
      outbox.change(item.n, { state: 'refused', refusal: { code, facts }, settledAt: clock() });
      if (!item.shown || isReport(item)) return;
      const { commandId, operation, visitId, patientId, userId, madeAt, label } = item;
      const input = {
        commandId,
        operation,
        refusal: code,
        facts: { ...facts, ...(label ? { label } : {}) },
        visitId,
        patientId,
      };
      outbox.add({
        commandId: commandIdFrom(newId()),
        operation: 'sheet.report',
        input,
        userId,
        madeAt,
        visitId,
        shown: true,
      });
    });
  }

  async function sendOne(item: Item): Promise<void> {
    const before = item.follows.flatMap((n) => outbox.get(n) ?? []);
    const refused = before.find(({ state }) => state === 'refused');
    // Somebody else's act may look like the one that was refused: what followed it must not land on that.
    if (refused) return refuse(item, 'stale', { ...refused.refusal?.facts });
    const last = before.findLast(({ touches }) => touches.includes(item.visitId ?? ''));
    // An answer says the version of its own visit, and of no other that it moved.
    const version = last?.visitId === item.visitId ? last?.version : null;
    const input =
      version != null && item.attempts === 0 && 'expectedVersion' in item.input
        ? { ...item.input, expectedVersion: version }
        : item.input;
    const sent = outbox.change(item.n, { attempts: item.attempts + 1, input });
    try {
      const { commandId, madeAt, userId } = sent;
      confirm(sent, await send(sent.operation, input, { commandId, madeAt, forUser: userId }));
    } catch (error) {
      if (!(error instanceof ApiError) || isPassing(error)) throw error;
      // The restored server still knows what was done under this id; it is only said in other words now.
      if (error.code === 'idempotency_mismatch' && sent.offered) return confirm(sent, null);
      if (error.code === 'internal' && sent.attempts < TRIES) return;
      refuse(sent, error.code, plain(error.facts));
    }
  }

  return {
    confirm,
    async run() {
      let any = false;
      const tried = new Set<number>();
      // Reports are added on the way, and go as well.
      for (;;) {
        const item = outbox.all().find((one) => isDue(one) && !tried.has(one.n));
        if (!item) return any;
        tried.add(item.n);
        await sendOne(item);
        any = true;
      }
    },
  };
}

/** What nobody has put their name to is not sent yet. */
const isDue = ({ state, shown, userId }: Item) => state === 'waiting' && shown && userId !== '';

const plain = (facts: ApiError['facts']): Record<string, string | number | null> =>
  Object.fromEntries(
    Object.entries(facts).map(([key, value]) => [key, typeof value === 'boolean' ? String(value) : value]),
  );
