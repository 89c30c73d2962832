import { addPatients, addPatientsToPostgres } from './bulk.ts';
import { type Clinic, databaseOf, openClinic, type Workshop } from './clinic-folder.ts';
import type { DeskOrder, DeskResult } from './desks.ts';
import { type Figure, judged, median, ms, quantile, rate, times } from './figures.ts';
import type { FloorOrder, FloorResult } from './floor.ts';
import { type Helper, startHelper } from './helper.ts';
import type { Postgres } from './postgres.ts';

export type Effort = Readonly<{ rounds: number; seconds: number }>;
type Desks = Helper<DeskOrder, DeskResult>;
type Rounds = Record<string, number[]>;

const CLIENTS = [1, 8, 32, 128] as const;
/** ClinicQ's own code on Debian's Django, visits a second with 1, 8, 32 clients: measured on a machine of this shape, in another run. */
const CLINICQ = { postgres: { 1: 148, 8: 258, 32: 289 }, sqlite: { 1: 158, 8: 116, 32: 103 } };

/** How many tokens desks get a second, beside what the database and Express could do at best, in the same rounds. */
export async function benchTokens(
  shop: Workshop,
  postgres: Postgres | null,
  { rounds, seconds }: Effort,
): Promise<Figure[]> {
  const desks: Desks = startHelper('./desks.ts');
  const noop = startHelper<'listen', number>('./noop.ts');
  const noopPort = await noop.ask('listen');
  const floor = await openFloor(shop, 'floor');
  const sqlite = await openFull(shop, 'tokens-sqlite');
  const onPostgres = postgres ? await openOnPostgres(shop, postgres) : null;
  const seen: Rounds = {};
  const note = (name: string, value: number) => {
    seen[name] = [...(seen[name] ?? []), value];
  };
  try {
    for (let round = 0; round < rounds; round += 1) {
      note('R1', await floor.run(1, seconds / 2));
      note('RG', await floor.run(32, seconds / 2));
      note(
        'H',
        (
          await desks.ask({
            port: noopPort,
            kind: 'noop',
            clients: 32,
            seconds: seconds / 2,
            tokens: [''],
            patients: ['p'],
            queues: ['q'],
          })
        ).done /
          (seconds / 2),
      );
      for (const clients of CLIENTS)
        note(`sqlite ${clients}`, await issue(sqlite, desks, { clients, seconds, queues: 16 }));
      note('sqlite hot', await issue(sqlite, desks, { clients: 32, seconds, queues: 1 }));
      if (!onPostgres) continue;
      for (const clients of CLIENTS)
        note(`postgres ${clients}`, await issue(onPostgres, desks, { clients, seconds, queues: 16 }));
      note('postgres hot', await issue(onPostgres, desks, { clients: 32, seconds, queues: 1 }));
    }
    return [
      ...throughput(seen, onPostgres !== null),
      ...(await steady(sqlite, desks, 'SQLite', seconds)),
      ...(onPostgres ? await steady(onPostgres, desks, 'PostgreSQL', seconds) : []),
    ];
  } finally {
    for (const helper of [desks, noop, floor]) helper.stop();
    await sqlite.stop();
    await onPostgres?.stop();
  }
}

/** Enough patients that nobody comes more than a few times a day. */
const PATIENTS = 20_000;

/** A clinic to give tokens in, with its patients. */
export async function openFull(
  shop: Workshop,
  name: string,
  env: Readonly<Record<string, string>> = {},
  node: readonly string[] = [],
): Promise<Clinic> {
  const folder = shop.copy(name);
  const patients = addPatients(folder, PATIENTS);
  return { ...(await openClinic({ entry: shop.entry, accounts: shop.accounts, folder, env, node })), patients };
}

async function openOnPostgres(shop: Workshop, { url, env }: Postgres): Promise<Clinic> {
  const folder = `${shop.folder}/tokens-postgres`;
  const clinic = await openClinic({ entry: shop.entry, accounts: shop.accounts, folder, env, demo: true });
  return { ...clinic, patients: await addPatientsToPostgres(url, folder, PATIENTS) };
}

/** The raw database, on a copy of its own with as many patients and queues. */
export async function openFloor(shop: Workshop, name: string, env: Readonly<Record<string, string>> = {}) {
  const clinic = await openFull(shop, name);
  const queues = await clinic.queues(16);
  const { branchId } = await clinic.admin.auth.me();
  await clinic.stop();
  const { file, key } = databaseOf(`${shop.folder}/${name}`);
  const helper = startHelper<FloorOrder, FloorResult>('./floor.ts', env);
  const order = { file, key: key.toString('hex'), branchId, queues, patients: clinic.patients };
  return {
    stop: helper.stop,
    run: async (group: number, seconds: number) => (await helper.ask({ ...order, group, seconds })).perSecond,
  };
}

/** Tokens a second; every one must be accepted, and no number may come twice or be left out. */
export async function issue(
  clinic: Clinic,
  desks: Desks,
  given: Readonly<{ clients: number; seconds: number; queues: number }>,
): Promise<number> {
  const queues = await clinic.queues(given.queues);
  const result = await desks.ask({
    ...given,
    port: clinic.port,
    kind: 'tokens',
    tokens: clinic.tokens.desks,
    patients: clinic.patients,
    queues,
  });
  if (result.failed > 0)
    throw new Error(
      `${result.failed} of ${result.done + result.failed} tokens were refused: ${result.failures.join('; ')}`,
    );
  checkDense(result.numbers, result.done);
  return result.done / result.seconds;
}

function checkDense(numbers: readonly string[], done: number): void {
  const highest = new Map<string, number>();
  for (const label of numbers) {
    const [queue = '', token = ''] = label.split(' ');
    highest.set(queue, Math.max(highest.get(queue) ?? 0, Number(token.split('-')[1])));
  }
  const sum = [...highest.values()].reduce((all, one) => all + one, 0);
  if (new Set(numbers).size !== done || sum !== done)
    throw new Error(
      `The numbers are not dense: ${done} tokens, ${new Set(numbers).size} labels, highest numbers together ${sum}`,
    );
}

function throughput(seen: Rounds, hasPostgres: boolean): Figure[] {
  const group = 'Tokens a second';
  const of = (name: string) => median(seen[name] ?? [0]);
  const [R1, RG, H] = [of('R1'), of('RG'), of('H')];
  // Round by round: what disturbed one side of a round disturbed the other, too.
  const paired = (name: string, limit: string) =>
    median((seen[name] ?? []).map((value, round) => value / (seen[limit]?.[round] ?? 1)));
  const ideal = 1 / (1 / H + 1 / RG);
  const spread = (name: string) =>
    `${rate(of(name))} (${rate(Math.min(...(seen[name] ?? [])))}–${rate(Math.max(...(seen[name] ?? [])))})`;
  const against = (name: string, what: string, goal: number) => {
    const ratio = paired(name, 'R1');
    return judged(group, what, Number(ratio.toFixed(2)), 'least', goal, {
      measured: `${spread(name)} = ${times(ratio)} R1`,
      limit: `R1 ${rate(R1)}`,
      unit: '× R1',
    });
  };
  const share = (name: string, what: string) => {
    const ratio = of(name) / ideal;
    return judged(group, what, Number(ratio.toFixed(2)), 'least', 0.5, {
      measured: times(ratio),
      limit: `1/(1/H + 1/RG) = ${rate(ideal)}`,
      unit: '× the best that Express and the database allow',
    });
  };
  const clinicq = (kind: 'sqlite' | 'postgres', label: string): Figure[] => {
    const compared = CLIENTS.filter((clients) => clients !== 128).map((clients) => {
      const ratio = of(`${kind} ${clients}`) / CLINICQ[kind][clients as 1 | 8 | 32];
      const text = {
        measured: `${spread(`${kind} ${clients}`)} = ${times(ratio)}`,
        limit: `ClinicQ ${CLINICQ[kind][clients as 1 | 8 | 32]}/s, recorded earlier`,
        unit: '× ClinicQ',
      };
      return kind === 'postgres'
        ? judged(group, `${label}, ${clients} client${clients > 1 ? 's' : ''}`, ratio, 'least', 4, text)
        : { group, what: `${label}, ${clients} beside ClinicQ`, ...text };
    });
    return compared;
  };
  const hot = (kind: 'sqlite' | 'postgres', label: string): Figure => ({
    group,
    what: `${label}, 32 clients on one queue`,
    measured: `${spread(`${kind} hot`)}; none failed, numbers dense`,
  });
  return [
    { group, what: 'R1: raw, one per commit', measured: spread('R1') },
    { group, what: 'RG: raw, groups of 32', measured: `${spread('RG')} = ${times(paired('RG', 'R1'))} R1` },
    { group, what: 'H: Express doing nothing, 32 clients', measured: spread('H') },
    against('sqlite 1', 'SQLite, 1 client', 0.45),
    { group, what: 'SQLite, 8 clients', measured: `${spread('sqlite 8')} = ${times(paired('sqlite 8', 'R1'))} R1` },
    against('sqlite 32', 'SQLite, 32 clients', 1.2),
    share('sqlite 32', 'SQLite, 32 clients, of what is possible'),
    against('sqlite 128', 'SQLite, 128 clients', 1.6),
    share('sqlite 128', 'SQLite, 128 clients, of what is possible'),
    hot('sqlite', 'SQLite'),
    ...(hasPostgres
      ? [
          ...clinicq('postgres', 'PostgreSQL'),
          { group, what: 'PostgreSQL, 128 clients', measured: spread('postgres 128') },
          hot('postgres', 'PostgreSQL'),
        ]
      : [{ group, what: 'PostgreSQL', measured: 'not on this machine: skipped' }]),
    ...clinicq('sqlite', 'SQLite'),
  ];
}

async function steady(clinic: Clinic, desks: Desks, label: string, seconds: number): Promise<Figure[]> {
  const queues = await clinic.queues(8);
  const { latencies, failed } = await desks.ask({
    port: clinic.port,
    kind: 'tokens',
    clients: 16,
    seconds: Math.max(5, seconds * 4),
    pace: 50,
    tokens: clinic.tokens.desks,
    patients: clinic.patients,
    queues,
  });
  const at = (share: number) => ms(quantile(latencies, share));
  return [
    {
      group: 'Answer times',
      what: `${label}, 50 tokens a second`,
      measured: `p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}; ${failed} of ${latencies.length} failed`,
    },
  ];
}
