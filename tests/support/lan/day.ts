import type { Chance } from '../../day/random.ts';
import type { LanClinic, LanDesk } from './clinic.ts';
import { CUTS } from './namespaces.ts';
import type { Hand } from './people.ts';

/** What goes wrong with a desk's cable, and with the server; `moved` and `renumbered`: it is at another address. */
export const TROUBLES = [...CUTS, 'server killed', 'server stopped', 'server moved', 'server renumbered'] as const;
export type Trouble = (typeof TROUBLES)[number];

type Playing = Readonly<{ troubles: readonly Trouble[]; chance: Chance; tell: (line: string) => void }>;

/** People work while one thing after another goes wrong; then all of it is well again. */
export async function play(on: LanClinic, hands: readonly Hand[], { troubles, chance, tell }: Playing): Promise<void> {
  const work = (from: number, to: number) =>
    Promise.all(hands.map((hand) => hand.work(Math.round(chance.between(from, to)))));
  await work(3, 5);
  on.worsen();
  for (const trouble of shuffled(troubles, chance)) {
    const desk = chance.pick(on.desks);
    const undo = await bring(trouble, on, desk.host, chance);
    tell(`${trouble} (${desk.host})`);
    await work(2, 6);
    await undo();
    // Sometimes the next thing happens before all is well.
    if (chance.happens(0.5)) await well(on, on.desks[0]);
    await work(1, 3);
  }
  tell('the line is good');
  await on.calm();
  await Promise.all(on.desks.map((desk) => well(on, desk)));
  for (const hand of hands) await hand.settle();
  await Promise.all(on.desks.map((desk) => well(on, desk)));
}

/** Lets something go wrong; the answer takes it back. */
async function bring(trouble: Trouble, on: LanClinic, host: string, chance: Chance): Promise<() => unknown> {
  switch (trouble) {
    case 'server killed':
      await on.stop('kill');
      return on.restart;
    case 'server stopped':
      await on.stop('close');
      return on.restart;
    case 'server moved':
      await on.stop(chance.happens(0.5) ? 'kill' : 'close');
      on.renumber();
      return on.restart;
    case 'server renumbered':
      on.renumber();
      return () => undefined;
    default:
      on.lan.cut(host, trouble);
      return () => on.lan.mend(host);
  }
}

/** A desk has found its server where it is now, and has handed over what it did. */
const well = (on: LanClinic, desk: LanDesk) =>
  desk.until('well', () => {
    const link = desk.link();
    return link.state === 'online' && link.unsent === 0 && desk.server() === `https://${on.address()}`;
  });

function shuffled<T>(some: readonly T[], chance: Chance): T[] {
  return some
    .map((one) => ({ one, at: chance.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}
