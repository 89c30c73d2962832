import type { Page } from '@playwright/test';
import { sleep } from '../day/random.ts';
import type { Clinic } from './clinic-folder.ts';
import { aheadOf, clickUntil, wallClock } from './page.ts';

/** Between two keys of somebody who types fast, in ms. */
const GAP = 110;

/** Types each of these into reception's search, and answers how long each key that asked something took to be answered. */
export async function typeSearches(desk: Page, searches: readonly string[]): Promise<number[]> {
  const field = desk.getByRole('combobox', { name: 'Find a patient' });
  await field.focus();
  await desk.evaluate(() => {
    window.felt.keys = [];
  });
  for (const search of searches) {
    for (const letter of search) {
      const due = performance.now() + GAP;
      await desk.keyboard.press(letter === ' ' ? 'Space' : letter);
      await sleep(Math.max(0, due - performance.now()));
    }
    // The next question begins when this one is answered, as somebody does who has looked at the answer.
    await sleep(3 * GAP);
    await desk.keyboard.press('Escape');
  }
  return desk.evaluate(() => window.felt.keys);
}

/** In reception's page: a key is answered when the status line, empty until then, tells how many were found. */
export function watchKeys(): void {
  const answered = () => (document.querySelector('.panel [role="status"]')?.textContent ?? '') !== '';
  let [pressed, before] = [0, ''];
  addEventListener(
    'keydown',
    ({ timeStamp }) => {
      pressed = timeStamp;
    },
    true,
  );
  addEventListener('input', ({ target }) => {
    const field = target as HTMLInputElement;
    const [since, typed] = [pressed, field.value.trim()];
    if (field.role !== 'combobox' || typed === before) return;
    before = typed;
    if (typed.length >= 2) void window.felt.painted(answered).then((at) => window.felt.keys.push(at - since));
  });
}

/** In the board's page: when each token was first painted among the calls, by the wall clock. */
export function watchBoard(): void {
  const look = () => {
    for (const { textContent } of document.querySelectorAll('.board-token')) {
      const token = textContent ?? '';
      if (token in window.felt.tokens) continue;
      window.felt.tokens[token] = 0;
      void window.felt
        .painted(() => true)
        .then((at) => {
          window.felt.tokens[token] = performance.timeOrigin + at;
        });
    }
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
}

export type Way = Readonly<{ given: readonly number[]; shown: readonly number[]; finished: readonly number[] }>;
type Pages = Readonly<{ desk: Page; doctor: Page; board: Page }>;

/** Each patient's way: a token by hand, a call that the board shows, and the end by hand. */
export async function onTheirWay(
  { desk, doctor, board }: Pages,
  clinic: Clinic,
  patients: readonly string[],
): Promise<Way> {
  const [queue, room] = await emptyRoom(clinic);
  const way = { given: [] as number[], shown: [] as number[], finished: [] as number[] };
  const ahead = await aheadOf(board);
  for (const patientId of patients) {
    await desk.evaluate((id) => {
      location.hash = `#/reception?patient=${id}`;
    }, patientId);
    await desk.getByRole('radiogroup', { name: 'Queue' }).getByRole('radio', { name: 'General' }).click();
    const give = desk.getByRole('button', { name: 'Give token' });
    way.given.push(
      await clickUntil(desk, { selector: '[data-testid="issued-token"]', there: true }, () => give.click()),
    );
    await desk.getByRole('button', { name: 'Next patient' }).click();
    await sleep(300);

    const asked = wallClock();
    const called = await clinic.doctor.queues.callNext({ id: queue, roomId: room });
    const shown = await board.waitForFunction((token) => window.felt.tokens[token], called.token);
    way.shown.push(((await shown.jsonValue()) as number) - ahead - asked);

    await clinic.doctor.visits.enter({ id: called.id, stepId: called.stepId, expectedVersion: called.version });
    const finish = doctor.getByRole('button', { name: /^Finish/ });
    await finish.waitFor();
    await sleep(300);
    way.finished.push(
      await clickUntil(doctor, { selector: '[data-testid="current-token"]', there: false }, () => finish.click()),
    );
  }
  return way;
}

/** The first queue and the doctor's room, with nobody in it. */
async function emptyRoom({ admin, doctor }: Clinic): Promise<[queueId: string, roomId: string]> {
  const queue = (await admin.queues.list()).items.find(({ code }) => code === 'A');
  const room = (await doctor.auth.me()).workingInRoomId as string;
  const here = await doctor.visits.list({ state: ['called', 'in_room'], limit: 500 });
  for (const { id, stepId, version, state, roomId } of here.items.filter((row) => row.roomId === room)) {
    const step = { id, stepId, expectedVersion: version };
    if (roomId && state === 'in_room') await doctor.visits.finish(step);
    else await doctor.visits.noShow(step);
  }
  return [queue?.id as string, room];
}
