import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startPostgres } from '../bench/postgres.ts';
import { checkFeed, checkNumbers, checkVisits, repeatSome, storedVisits, wholeFeed } from './check-answers.ts';
import { checkAudit, checkBoard, checkRooms } from './check-clinic.ts';
import { makeClinic, openStage, type Stage } from './clinic.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { signIn } from './person.ts';
import { play } from './play.ts';
import { type Chance, createChance, sleep } from './random.ts';
import { type Account, builtServer, type ServerProcess, startServer } from './server.ts';
import { type Outage, type Summary, summarise, tell } from './summary.ts';
import { followFeed, watchBoard } from './watch.ts';

const HELP = `npm run day -- [--seed N] [--seconds N] [--json] [--postgres] [--entry FILE]
npm run day -- --url URL --accounts JSON     plays on a server that already runs (and is not killed)
`;

/** When in the day the server is killed: in its second crowd. */
const KILL_AT = 0.43;
const MISHAPS = { doubleClick: 0.08, lostAnswer: 0.06 };

/** `npm run day`: plays a clinic day over the real API and checks every answer afterwards. */
export async function day(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string' },
      seconds: { type: 'string', default: '40' },
      url: { type: 'string' },
      accounts: { type: 'string' },
      entry: { type: 'string', default: builtServer },
      postgres: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  // Stopped in the middle: what was started goes, too (each start says how, on 'exit').
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  // Sign-ins last fifteen minutes, and nobody renews theirs here.
  const seconds = Math.min(600, Math.max(5, Number(values.seconds)));
  process.stderr.write(`Playing a day, seed ${seed} …\n`);
  const chance = createChance(seed);
  const order = { seed, seconds, chance };
  const summary = values.url
    ? await playOn(values.url, JSON.parse(values.accounts ?? '[]') as Account[], order)
    : await playHere({ ...order, entry: values.entry, postgres: values.postgres });
  process.stdout.write(values.json ? `${JSON.stringify(summary)}\n` : tell(summary));
  if (!summary.nothingLost) process.exitCode = 1;
}

type Order = Readonly<{ seed: number; seconds: number; chance: Chance }>;

async function playOn(url: string, accounts: readonly Account[], order: Order): Promise<Summary> {
  const ledger = createLedger();
  const stage = await openStage({ url, ledger, chance: order.chance, mishaps: MISHAPS }, accounts);
  return playAndCheck(stage, ledger, order, null);
}

/** A server, a folder and a clinic of its own, and a server that dies in the middle. */
async function playHere({ entry, postgres, ...order }: Order & { entry: string; postgres: boolean }): Promise<Summary> {
  const folder = mkdtempSync(path.join(tmpdir(), 'medlane-day-'));
  const database = postgres ? await startPostgres() : null;
  if (postgres && !database) throw new Error('There is no PostgreSQL on this machine.');
  const place = { entry, folder: path.join(folder, 'clinic'), env: database?.env ?? {} };
  let server = await startServer(place);
  try {
    const ledger = createLedger();
    const town = { url: server.url, ledger, chance: order.chance, mishaps: MISHAPS };
    const { accounts, boardId } = await makeClinic(town);
    const stage = await openStage(town, accounts, boardId);
    const fall = async () => {
      const down = performance.now();
      await server.kill();
      server = await startServer({ ...place, port: Number(new URL(server.url).port) });
      return { seconds: (performance.now() - down) / 1000 };
    };
    return await playAndCheck(stage, ledger, order, fall);
  } finally {
    await end(server);
    await database?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function end(server: ServerProcess): Promise<void> {
  await server.stop();
  const said = server.said().trim();
  if (said) process.stderr.write(`The server said:\n${said}\n`);
}

type Fall = () => Promise<{ seconds: number }>;

async function playAndCheck(
  stage: Stage,
  ledger: Ledger,
  { seed, seconds, chance }: Order,
  fall: Fall | null,
): Promise<Summary> {
  const { admin } = stage;
  const { database } = await admin.ask.system.health();
  const follower = followFeed(stage.url, admin, stage.before.seq);
  const screen = stage.display
    ? await signIn({ url: stage.url, ledger, chance, mishaps: MISHAPS }, stage.display)
    : admin;
  const watch = watchBoard(stage.url, screen.token, stage.boardId, ledger);
  let outage: Outage = null;
  const interrupt = fall && {
    at: KILL_AT,
    run: async () => {
      // Somebody always is in the middle of something.
      for (let patience = 2000; patience > 0 && ledger.underWay() < 3; patience -= 1) await sleep(1);
      const under = ledger.underWay();
      outage = { ...(await fall()), inFlight: under };
    },
  };
  await play(stage, ledger, chance, seconds, interrupt);

  // The doors are closed. First what was answered is asked for again, then everything is compared.
  await repeatSome(ledger, stage, chance, 0.1);
  const stored = await storedVisits(stage);
  await follower.finish();
  const feed = await wholeFeed(stage);
  checkNumbers(ledger, stage, stored);
  checkVisits(ledger, stored, feed);
  checkFeed(ledger, stage.before.seq, feed, follower.heard);
  checkRooms(ledger, stage, feed);
  await checkBoard(ledger, stage, watch, stored);
  const audit = await checkAudit(ledger, stage);
  watch.finish();
  for (const person of [admin, screen, ...stage.desks, ...stage.rooms.map((one) => one.person)]) person.leave();
  return summarise(ledger, {
    ...{ seed, seconds, database, audit, outage, pushes: watch.pushes(), boardDelays: watch.delays },
    states: [...stored.values()].filter(({ token }) => !stage.before.tokens.has(token)).map(({ state }) => state),
    feed: { entries: feed.length, caughtUp: follower.caughtUp(), reconnects: follower.reconnects() },
  });
}
