import { randomBytes } from 'node:crypto';
import { ApiError } from '../../../contract/kit.ts';
import { type Introduced, introduce } from '../../../main/workstation/pairing.ts';
import type { ClinicServer } from './server.ts';
import type { Page } from './test.ts';

/** A new computer asks the clinic's server to be added, as the desktop does. An administrator must allow it at that time. */
export async function newDesk(clinic: ClinicServer): Promise<Introduced> {
  const { addresses } = await (await clinic.api('admin')).pairing.pending();
  const port = addresses[0]?.split(':').at(-1);
  return introduce({ address: `127.0.0.1:${port}`, appVersion: '1.2.3', random: randomBytes });
}

/** Adds a desk of this name, without anybody at a screen. */
export async function addDesk(clinic: ClinicServer, name: string): Promise<void> {
  const { pairing } = await clinic.api('admin');
  await pairing.open();
  const desk = await newDesk(clinic);
  const { desk: asking } = await pairing.pending();
  const pairingId = asking?.pairingId ?? '';
  const { answer } = await pairing.confirm({ pairingId, code: desk.code, name, place: 'reception' });
  await desk.answer(answer);
  await desk.close();
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
