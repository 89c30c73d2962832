import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { ApiError } from '../../../contract/kit.ts';
import { commandIdFrom } from '../../../domain/numbered.ts';
import type { Identity } from '../../../main/workstation/identity.ts';
import { type Introduced, introduce } from '../../../main/workstation/pairing.ts';
import { deskOf } from '../../support/desk.ts';
import type { Api, ClinicServer } from './server.ts';
import type { Page } from './test.ts';

/** A new computer asks the clinic's server to be added, as the desktop does. An administrator must allow it at that time. */
export async function newDesk(clinic: ClinicServer): Promise<Introduced> {
  const { addresses } = await (await clinic.api('admin')).pairing.pending();
  const port = addresses[0]?.split(':').at(-1);
  return introduce({ address: `127.0.0.1:${port}`, appVersion: '1.2.3', random: randomBytes });
}

/** Adds a desk of this name, without anybody at a screen; answers who it is. */
export async function addDesk(clinic: ClinicServer, name: string): Promise<Identity> {
  const { pairing } = await clinic.api('admin');
  await pairing.open();
  const desk = await newDesk(clinic);
  const { desk: asking } = await pairing.pending();
  const pairingId = asking?.pairingId ?? '';
  const { answer } = await pairing.confirm({ pairingId, code: desk.code, name, place: 'reception' });
  const identity = await desk.answer(answer);
  await desk.close();
  return identity;
}

export type FarDesk = Readonly<{
  /** Somebody at it, who did what they do now so long ago (ms), without the server. */
  as: (username: string, ago: number) => Promise<Api>;
  close: () => Promise<void>;
}>;

/** A desk that hands over what was done at it while the server was away. */
export async function farDesk(clinic: ClinicServer, name: string): Promise<FarDesk> {
  const { with: withHeaders, secure } = deskOf(await addDesk(clinic, name));
  return {
    async as(identifier, ago) {
      const login = { identifier, password: clinic.password, delivery: 'body' } as const;
      const { accessToken } = await withHeaders({}).auth.login(login);
      return withHeaders({ Authorization: `Bearer ${accessToken}`, 'Medlane-Made-At': String(Date.now() - ago) });
    },
    close: secure.close,
  };
}

/** Three things for people to settle, of three kinds; answers what they are about. */
export async function fillSheet(
  clinic: ClinicServer,
  desk: FarDesk,
  { number, name }: { number: number; name: string },
) {
  const [reception, there] = [await clinic.api('reception'), await desk.as('reception', 3_600_000)];
  const queueId = (await reception.queues.list()).items.find(({ code }) => code === 'A')?.id as string;
  const person = { name, birthDate: '1971-04-05', sex: 'female', phone: `0300 765432${number}` } as const;
  const known = await reception.patients.register(person);
  const first = await reception.visits.issue({ patientId: known.id, queueId });
  const second = await there.visits.issueOffline({ patientId: known.id, queueId, number });
  const twin = await there.patients.register({ ...person, provisionalNumber: `R9-P00${number}` });
  const { id, patientId, stepId, version } = first;
  await reception.visits.cancel({ id, stepId, expectedVersion: version, reason: 'went home' });
  const facts = { state: 'cancelled', lastCommand: 'cancel', label: first.token };
  const operation = { commandId: commandIdFrom(uuidv7()), operation: 'visits.call', refusal: 'stale' };
  await (await desk.as('doctor', 1_800_000)).sheet.report({ ...operation, facts, visitId: id, patientId });
  return { first, second, known, twin };
}

/** What the desktop's program answers to its pages: a value, or the code of a refusal. `null` is never answered. */
export type DesktopAnswers = Record<string, { value: unknown } | { refusal: ApiError['code'] } | null>;

/** The page believes that it is the desktop's: its calls are answered from here, and everything else is away. */
export async function givePlayedDesktop(page: Page, answers: DesktopAnswers): Promise<void> {
  const replies = Object.fromEntries(
    Object.entries(answers).map(([name, answer]) => [name, answer && replyOf(answer)]),
  );
  await page.addInitScript(
    ([known, away]) => {
      const call = (name: string) => {
        const reply = name in known ? known[name] : away;
        return reply === null ? new Promise(() => undefined) : Promise.resolve(reply);
      };
      Object.assign(window, { medlane: { call, on: () => () => undefined } });
    },
    [replies, replyOf({ refusal: 'unavailable' })] as const,
  );
}

function replyOf(answer: { value: unknown } | { refusal: ApiError['code'] }) {
  if ('value' in answer) return { ok: true, value: answer.value };
  const { code, facts, fields, message } = new ApiError(answer.refusal);
  return { ok: false, error: { code, facts, fields, message } };
}
