import { createHash } from 'node:crypto';
import { stringify } from 'csv-stringify/sync';
import type { DesktopAnswer, DeskWork } from '../../contract/desktop.ts';
import { ApiError } from '../../contract/kit.ts';
import { proofText } from '../../contract/proof.ts';
import { commandIdFrom } from '../../domain/numbered.ts';
import type { Cache } from './cache.ts';
import type { Core, Send } from './core.ts';
import { lossOf } from './loss.ts';
import { type Item, isReport, type Outbox } from './outbox.ts';
import { dayOn } from './picture.ts';

type Options = Readonly<{
  cache: Cache;
  outbox: Outbox;
  core: Core;
  send: Send;
  newId: () => string;
  stir: () => void;
}>;
type Proof = DesktopAnswer<'work.prove'>;

export type Work = Readonly<{
  /** What was done at this desk, the latest first, and what it has of the clinic. */
  list: () => DeskWork;
  /** Whether this desk and the server know the same visits of today. @throws ApiError when the server is away. */
  prove: () => Promise<Proof>;
  /** Sends once more what was refused, as meant for what the server has now. @throws ApiError */
  again: (n: number) => Promise<void>;
  setAside: (n: number) => void;
  /** What was not handed over, or was refused, as CSV: for whoever has to type it elsewhere. */
  unsent: () => string;
}>;

/** Changes go on while two sides are compared: so often they are read again before they are called unequal. */
const READINGS = 5;
/** So many items of a desk are shown. */
const SHOWN = 300;

/** What a person can see of, and do about, the work of this desk. */
export function createWork({ cache, outbox, core, send, newId, stir }: Options): Work {
  const nameOf = (id: string) => cache.table('person').get(id)?.name ?? '';
  const mine = () => outbox.all().filter((item) => item.shown && !isReport(item));

  const here = (day: string) => {
    const rows = [...cache.table('visit').values()].flatMap(({ visit, steps }) => {
      const step = steps.find(({ id }) => id === visit.currentStepId);
      const { id, token } = visit;
      return step && visit.clinicDay === day ? [{ id, token, state: step.state, version: step.version }] : [];
    });
    return { count: rows.length, sha256: createHash('sha256').update(proofText(rows)).digest('hex') };
  };

  const refused = (n: number): Item => {
    const item = outbox.get(n);
    if (item?.state !== 'refused') throw new ApiError('not_found');
    return item;
  };

  /** Whoever sends it again has looked: it is meant for the visit as it is now, not as it was. */
  function onWhatIsNow({ visitId, input }: Item): Item['input'] {
    const found = visitId ? cache.table('visit').get(visitId) : undefined;
    const step = found?.steps.find(({ id }) => id === found.visit.currentStepId);
    if (!step || !('expectedVersion' in input)) return input;
    return { ...input, ...('stepId' in input ? { stepId: step.id } : {}), expectedVersion: step.version };
  }

  return {
    list() {
      const { visits, patients } = cache.counts();
      const items = mine()
        .slice(-SHOWN)
        .reverse()
        .map(({ n, operation, label, userId, madeAt, state, attempts, refusal }) => ({
          ...{ n, operation, label, madeAt, state, attempts, by: nameOf(userId) },
          refusal: refusal && { code: refusal.code, facts: { ...refusal.facts } },
        }));
      const { trouble } = core.state();
      return { items, visits, patients, readAt: cache.mark()?.at ?? null, trouble, lostAt: lossOf(outbox) };
    },

    async prove() {
      const day = dayOn(core.picture(), core.clock());
      for (let reading = 1; ; reading += 1) {
        await core.beat();
        const { seq, ...server } = (await send('sync.proof', { day })) as {
          seq: number;
          count: number;
          sha256: string;
        };
        const own = here(day);
        const same = own.sha256 === server.sha256;
        // One of the two is ahead of the other: that says nothing about either.
        if (same || seq === cache.mark()?.seq || reading === READINGS) return { day, here: own, server, same };
      }
    },

    async again(n) {
      refused(n);
      await core.beat();
      const item = outbox.get(n);
      // Pressed twice.
      if (item?.state !== 'refused') return;
      // The server keeps its refusal under the old id.
      const commandId = commandIdFrom(newId());
      const input = onWhatIsNow(item);
      outbox.change(n, {
        state: 'waiting',
        refusal: null,
        settledAt: null,
        attempts: 0,
        commandId,
        input,
        follows: [],
      });
      stir();
    },

    setAside: (n) => void outbox.change(refused(n).n, { state: 'aside' }),

    unsent() {
      const rows = mine().filter(({ state }) => state === 'waiting' || state === 'refused');
      return stringify(
        rows.map(({ madeAt, userId, operation, label, patientId, input, refusal }) => ({
          time: new Date(madeAt).toISOString(),
          person: nameOf(userId),
          command: operation,
          label: label ?? '',
          patient: (patientId && core.picture().patient(patientId)?.name) ?? '',
          refusal: refusal?.code ?? '',
          details: JSON.stringify(input),
        })),
        { header: true, bom: true, escape_formulas: true, record_delimiter: 'windows' },
      );
    },
  };
}
