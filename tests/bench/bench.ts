import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { builtServer, root } from '../day/server.ts';
import { benchAlone } from './alone.ts';
import { benchAudit } from './audit.ts';
import { benchBoards } from './boards.ts';
import { openWorkshop, type Workshop } from './clinic-folder.ts';
import { benchDesksBack } from './desks-back.ts';
import { benchFelt } from './felt.ts';
import { asMarkdown, asTable, type Figure } from './figures.ts';
import { benchPaper } from './paper.ts';
import { type Postgres, startPostgres } from './postgres.ts';
import { profileServer } from './profile.ts';
import { benchSearch } from './search.ts';
import { benchSlowDisk } from './slow-disk.ts';
import { benchTokens } from './tokens.ts';
import { benchWeight } from './weight.ts';

type Scale = Readonly<{ quick: boolean; rounds: number; seconds: number }>;
type Section = (shop: Workshop, scale: Scale, postgres: Postgres | null) => Promise<Figure[]>;

const SECTIONS: Record<string, Section> = {
  tokens: (shop, scale, postgres) => benchTokens(shop, postgres, scale),
  disk: (shop, { rounds, seconds }) => benchSlowDisk(shop, { rounds: Math.ceil(rounds / 2), seconds }),
  boards: (shop, { quick }) => benchBoards(shop, { commands: quick ? 200 : 500 }),
  search: (shop, { quick }) => benchSearch(shop, { patients: quick ? 20_000 : 200_000, seconds: quick ? 1 : 10 }),
  felt: (shop, { quick }) =>
    benchFelt(
      shop,
      quick
        ? { patients: 20_000, rounds: 4, ways: 15, seconds: 10 }
        : { patients: 200_000, rounds: 20, ways: 100, seconds: 20 },
    ),
  audit: (shop, { quick }) => benchAudit(shop, { rows: quick ? 100_000 : 1_000_000, rounds: quick ? 1 : 2 }),
  weight: (shop, { rounds }) => benchWeight(shop, rounds),
  alone: async (shop, { quick }) => [
    ...(await benchAlone(shop, quick ? { patients: 5000, queued: 100 } : { patients: 20_000, queued: 500 })),
    await benchDesksBack(shop, quick ? 8 : 50),
  ],
  paper: (_shop, { rounds }) => benchPaper(rounds),
};

/** `npm run bench`: every figure beside a limit that is measured in the same run; `--quick` in under three minutes. */
export async function bench(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', default: Object.keys(SECTIONS).join(',') },
      entry: { type: 'string', default: builtServer },
      json: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
    },
  });
  // Stopped in the middle: what was started goes, too (each start says how, on 'exit').
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  const scale: Scale = values.quick
    ? { quick: true, rounds: 3, seconds: 0.8 }
    : { quick: false, rounds: 7, seconds: 1.5 };
  const begun = performance.now();
  const say = (text: string) =>
    process.stderr.write(`${((performance.now() - begun) / 1000).toFixed(0).padStart(4)} s  ${text}\n`);
  const shop = await openWorkshop(values.entry);
  try {
    if (values.profile) return void process.stdout.write(await profileServer(shop));
    const wanted = values.only.split(',').filter((name) => name in SECTIONS);
    const postgres = wanted.includes('tokens') ? await startPostgres() : null;
    const figures: Figure[] = [];
    for (const name of wanted) {
      say(name);
      const section = (SECTIONS[name] as Section)(shop, scale, postgres);
      // One that breaks is a finding, and the others are measured all the same.
      figures.push(
        ...(await section.catch((error: Error) => [
          {
            group: name,
            what: 'Broke off',
            measured: error.message.slice(0, 300),
            goal: 'to the end',
            met: false,
            miss: 'broke off',
          },
        ])),
      );
    }
    await postgres?.stop();
    say('done');
    process.stdout.write(values.json ? `${JSON.stringify(figures)}\n` : asTable(figures));
    if (!values.quick && wanted.length === Object.keys(SECTIONS).length)
      writeFileSync(path.join(root, 'docs/benchmarks.md'), document(figures, postgres));
  } finally {
    shop.clear();
  }
}

function document(figures: readonly Figure[], postgres: Postgres | null): string {
  const missed = figures.filter(({ met }) => met === false);
  const head = [
    '# Benchmarks',
    '',
    `Measured ${new Date().toISOString().slice(0, 10)} by \`npm run bench\` on ${availableParallelism()} shared cores, ${system()}, Node ${process.versions.node.split('.')[0]}${postgres ? `, PostgreSQL ${postgres.version}` : ''}, everything on loopback: the server, its clients and the limit share the machine.`,
    '',
    'What counts is the ratio to a limit that was measured in the same run, alternating, by medians: another machine has other absolute figures. The numbers in brackets are the lowest and highest round.',
    '',
    `The load averages of the last fifteen minutes were ${loadavg()
      .map((load) => load.toFixed(1))
      .join(
        ', ',
      )}: more than the bench’s own two busy processes means that others used the machine, and then the slowest answers say more about them than about the product.`,
    '',
    missed.length === 0
      ? 'Every goal was met.'
      : `Missed: ${missed.map(({ what, miss }) => `${what} (${miss})`).join('; ')}.`,
  ];
  return `${head.join('\n')}\n${asMarkdown(figures)}`;
}

/** The system in general words. */
function system(): string {
  const file = '/etc/os-release';
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const value = (name: string) => new RegExp(`^${name}="?([^"\n]*)"?$`, 'm').exec(text)?.[1];
  return text ? `${value('NAME')?.replace(' GNU/Linux', '')} ${value('VERSION_ID')}` : process.platform;
}
