import { LOOKED_AT, stage } from '../support/look.ts';
import { emptyClinic, expect, signIn, test } from '../support/test.ts';

// Every screen and its main states: no axe violation in light and dark, nothing wider than the window at 1366 × 768 and at
// 200 % zoom, and every word in the person's language. Here: the consulting room, and the board.
test.describe.configure({ mode: 'parallel', timeout: 150_000 });

for (const language of LOOKED_AT) {
  test.describe(language, () => {
    test('the consulting room and the board', async ({ visitor, clinic }) => {
      await emptyClinic(clinic);
      const [reception, doctor] = [await clinic.api('reception'), await clinic.api('doctor')];
      const [queue] = (await reception.queues.list()).items.filter(({ code }) => code === 'A');
      const room = (await doctor.auth.me()).workingInRoomId;
      const people = (await reception.patients.list({ q: 'ka', limit: 3 })).items;
      for (const [index, { id }] of people.entries()) {
        if (index === 0) {
          const { version } = await doctor.patients.get({ id });
          await doctor.patients.update({
            id,
            expectedVersion: version,
            allergies: [{ substance: 'Penicillin', reaction: 'Rash' }],
          });
        }
        await reception.visits.issue({ patientId: id, queueId: queue?.id as string, confirmRepeat: true });
      }
      const { page, say, look } = await stage(visitor, language);
      await signIn(page, 'doctor', clinic.password, say);
      await expect(page.getByRole('button', { name: say('doctor.callNext') }).first()).toBeVisible();
      await look('doctor');
      await page.keyboard.press('Space');
      await expect(page.getByTestId('current-token')).toBeVisible();
      await look('doctor-called');
      await page.keyboard.press('e');
      await expect(page.getByRole('status').getByText(say('state.in_room'))).toBeVisible();
      await look('doctor-in-room');
      await page.keyboard.press('Space');
      await expect(page.getByRole('dialog')).toBeVisible();
      await look('doctor-busy');
      await page.keyboard.press('Escape');
      await page.keyboard.press('p');
      await expect(page.getByRole('dialog')).toBeVisible();
      await look('doctor-aside');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('heading', { name: say('doctor.aside') })).toBeVisible();
      await page
        .getByRole('button', { name: say('doctor.call'), exact: false })
        .last()
        .click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await look('doctor-out-of-order');
      await page.keyboard.press('Escape');
      await doctor.queues.callNext({ id: queue?.id as string, roomId: room as string });
      await page.getByRole('button', { name: say('doctor.changeRoom') }).click();
      await expect(page.getByRole('button', { name: say('doctor.begin') })).toBeVisible();
      await look('doctor-rooms');
      await page.goto('/#/boards');
      await page.getByRole('link', { name: 'Waiting room' }).waitFor();
      await look('boards');
      await page.getByRole('link', { name: 'Waiting room' }).click();
      await expect(page.locator('.board-call')).toHaveCount(1);
      await look('board');
    });
  });
}
