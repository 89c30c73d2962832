import { randomUUID } from 'node:crypto';
import { type Client, createClient, type Transport } from '../../contract/client.ts';
import { httpTransport } from '../../contract/http.ts';
import { api, type MedlaneApi, type MedlaneOperation } from '../../contract/index.ts';
import {
  ApiError,
  type Given,
  listOperations,
  type Operation,
  type OperationNamed,
  type Output,
} from '../../contract/kit.ts';
import type { Ledger, Reply } from './ledger.ts';
import { type Chance, sleep } from './random.ts';
import type { Account } from './server.ts';
import { createWire } from './wire.ts';

type Named<N extends MedlaneOperation> = OperationNamed<MedlaneApi, N> & Operation;
export type Told<N extends MedlaneOperation> =
  | { ok: true; value: Output<Named<N>> }
  | { ok: false; code: string; facts: Record<string, unknown> };

/** Somebody who is signed in at a computer of their own. */
export type Person = Readonly<{
  username: string;
  userId: string;
  token: string;
  chance: Chance;
  /** Questions; while the server is away they are asked again until it answers. */
  ask: Client<MedlaneApi>;
  /** A command, with everything that happens to commands: clicked twice, answer lost, server away. It ends with an answer. */
  tell: <N extends MedlaneOperation>(name: N, input: Given<Named<N>>) => Promise<Told<N>>;
  /** The same command once more, long afterwards, as a desk does that was switched off in between. */
  repeat: (name: MedlaneOperation, input: Readonly<Record<string, unknown>>, commandId: string) => Promise<Reply>;
  leave: () => void;
}>;

export type Mishaps = Readonly<{ doubleClick: number; lostAnswer: number }>;
type Town = Readonly<{ url: string; ledger: Ledger; chance: Chance; mishaps: Mishaps }>;

/** For how long a person goes on trying before giving the day up, in ms. */
const PATIENCE = 60_000;
const OPERATIONS = new Map(listOperations(api).map(({ name, operation }) => [name, operation]));

/** Refusals that say something is wrong with the program rather than with the moment. */
const NEVER = new Set([
  'internal',
  'unauthenticated',
  'forbidden',
  'validation_failed',
  'idempotency_mismatch',
  'rate_limited',
  'not_found',
  'too_large',
]);

export async function signIn(town: Town, account: Account): Promise<Person> {
  const { url, ledger } = town;
  const wire = createWire();
  const chance = town.chance.fork(account.username);
  let token = '';
  const bearer = (): Record<string, string> => (token ? { Authorization: `Bearer ${token}` } : {});
  const once = httpTransport({ base: url, fetch: wire.fetch, headers: bearer });
  const patient: Transport = {
    call: (name, operation, input, options) => untilAnswered(() => once.call(name, operation, input, options), ledger),
  };
  const ask = createClient(api, patient);
  const signedIn = await ask.auth.login({ identifier: account.username, password: account.password, delivery: 'body' });
  token = signedIn.accessToken;

  const send = async (
    name: MedlaneOperation,
    input: Readonly<Record<string, unknown>>,
    commandId: string,
  ): Promise<Reply> => {
    const operation = OPERATIONS.get(name) as Operation;
    return replyOf(() => patient.call(name, operation, { ...input }, { commandId }));
  };

  /** Sends, and breaks the connection before the answer can be read; the answer is not looked at even if it was faster. */
  async function sendInVain(
    name: MedlaneOperation,
    input: Readonly<Record<string, unknown>>,
    commandId: string,
  ): Promise<void> {
    const broken = new AbortController();
    const cut = setTimeout(() => broken.abort(), chance.between(0, 8));
    await once
      .call(name, OPERATIONS.get(name) as Operation, { ...input }, { commandId, signal: broken.signal })
      .catch(() => {});
    clearTimeout(cut);
    ledger.counts.lostAnswers += 1;
    ledger.counts.retries += 1;
  }

  return {
    username: account.username,
    userId: signedIn.user.id,
    token,
    chance,
    ask,
    repeat: send,
    leave: wire.close,
    async tell(name, input) {
      const commandId = randomUUID();
      const sent = ledger.tick();
      ledger.begin();
      const twice = chance.happens(town.mishaps.doubleClick);
      if (!twice && chance.happens(town.mishaps.lostAnswer)) await sendInVain(name, input, commandId);
      const [reply, again] = await Promise.all([
        send(name, input, commandId),
        twice ? send(name, input, commandId) : undefined,
      ]);
      if (again) {
        ledger.counts.doubleClicks += 1;
        ledger.same(name, commandId, reply, again);
      }
      ledger.note({ commandId, name, input, who: account.username, sent, answered: ledger.tick(), reply });
      if (!reply.ok && NEVER.has(reply.code))
        ledger.violation(`${name} by ${account.username} was refused: ${reply.code} ${reply.message}`);
      return reply as never;
    },
  };
}

async function untilAnswered<T>(attempt: () => Promise<T>, ledger: Ledger): Promise<T> {
  const since = performance.now();
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const away = error instanceof ApiError && error.code === 'unavailable';
      if (!away || performance.now() - since > PATIENCE) throw error;
      ledger.counts.retries += 1;
      await sleep(100);
    }
  }
}

async function replyOf(call: () => Promise<unknown>): Promise<Reply> {
  try {
    return { ok: true, value: await call() };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { ok: false, code: error.code, facts: error.facts, message: error.message };
  }
}
