import { afterEach, expect, it } from 'vitest';
import { createChance } from '../day/random.ts';
import { furniture } from '../support/clinic.ts';
import { violations } from '../support/invariants.ts';
import { type LanClinic, openLanClinic } from '../support/lan/clinic.ts';
import { play, TROUBLES } from '../support/lan/day.ts';
import { evidenceOf, fillFor } from '../support/lan/evidence.ts';
import { whyNoLan } from '../support/lan/namespaces.ts';
import { createHand, type Hand, type Place } from '../support/lan/people.ts';

/** How many days are played; `MEDLANE_DAYS=20` for more. */
const DAYS = Number(process.env['MEDLANE_DAYS'] ?? 2);
const SEED = Number(process.env['MEDLANE_SEED'] ?? Date.now() % 1e6);
const SEEDS = Array.from({ length: DAYS }, (_, day) => SEED + day);

/** Only whoever may make a network can test this. */
const why = whyNoLan();
if (why) process.stderr.write(`tests/whole/desk-network.test.ts is skipped: ${why}.\n`);

let clinic: LanClinic | null = null;
afterEach(async () => {
  await clinic?.close();
  clinic = null;
});

it.skipIf(why !== null).each(SEEDS)(
  'two desks on a bad network lose nothing that they showed, and double nothing (MEDLANE_DAYS=1 MEDLANE_SEED=%i)',
  { timeout: 240_000 },
  async (seed) => {
    const chance = createChance(seed);
    clinic = await openLanClinic(seed);
    const place = await furniture(clinic.admin);
    const story: string[] = [];
    const tell = (line: string) => void story.push(line);
    const hands = clinic.desks.map((desk) => createHand(desk, place, chance.fork(desk.host), tell));
    // Two days after one another see all of it.
    const troubles = TROUBLES.filter((_, n) => (n + seed) % 2 === 0);
    try {
      await play(clinic, hands, { troubles, chance, tell });
      expect((await wrongIn(clinic, hands, place)).join('\n')).toBe('');
    } catch (error) {
      throw new Error([`Seed ${seed}: ${(error as Error).message}`, ...story].join('\n'), { cause: error });
    }
  },
);

/** What is not as it must be once all is well again, in words. */
async function wrongIn(on: LanClinic, hands: readonly Hand[], place: Place): Promise<readonly string[]> {
  const [reception, doctor] = on.desks;
  const wrong: string[] = [];
  for (const desk of on.desks) {
    const { same, here, server } = await desk.desktop('work.prove');
    if (!same) wrong.push(`${desk.code} knows ${JSON.stringify(here)}, the server ${JSON.stringify(server)}`);
  }
  const told = (operation: string) => hands.flatMap((hand) => hand.told.filter((one) => one.operation === operation));
  const notes = new Map(told('notes.save').map(({ answer, input }) => [answer['id'], { answer, input }]));
  for (const [noteId, { answer, input }] of notes) {
    const { items } = await doctor.api.notes.list({ id: String(answer['patientId']) });
    const kept = items.find(({ id }) => id === noteId)?.text;
    if (kept !== input['text']) wrong.push(`the note "${input['text']}" is "${kept}"`);
  }
  const slips = told('paper.countSlip').map(({ answer, input }) => `copy ${answer['copy']} of ${input['id']}`);
  for (const [n, slip] of slips.entries()) if (slips.indexOf(slip) < n) wrong.push(`${slip} was printed twice`);

  const fill = await fillFor(reception);
  await Promise.all(on.desks.map(({ computer }) => computer.close()));
  await on.stop('close');
  const evidence = await evidenceOf(on, hands, { place, fill });
  // Otherwise nothing was shown by it.
  const alone = evidence.shown.filter((one) => one.alone).length;
  if (alone < 5 || evidence.shown.length < 20)
    wrong.push(`only ${evidence.shown.length} things were done, ${alone} of them without the server`);
  const bugs = hands.flatMap((hand) => [...hand.bugs, ...hand.desk.faults]);
  return [...wrong, ...violations(evidence), ...bugs];
}
