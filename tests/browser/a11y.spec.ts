import { type Language, lookAt, type Say, sayIn } from './support/look.ts';
import { emptyClinic, expect, issuedToken, type Page, test, type Visitor } from './support/test.ts';

// Every screen and its main states: no axe violation in light and dark, nothing wider than the window at 1366 × 768 and at
// 200 % zoom, and every word in the person's language.
test.describe.configure({ mode: 'parallel', timeout: 150_000 });

type Stage = { page: Page; say: Say; look: (name: string) => Promise<void>; typed: (text: string) => void };

async function stage(visitor: Visitor, language: Language): Promise<Stage> {
  const page = await visitor({ reducedMotion: 'reduce', at: null });
  await page.addInitScript((code) => localStorage.setItem('medlane.language', code), language);
  const seen = lookAt(page, language);
  await page.goto('/');
  return { page, say: sayIn(language), ...seen };
}

async function signIn({ page, say }: Stage, username: string, password: string) {
  await page.getByLabel(say('signIn.name')).fill(username);
  await page.getByLabel(say('signIn.password'), { exact: true }).fill(password);
  await page.getByRole('button', { name: say('signIn.enter'), exact: true }).click();
  await page.locator('#main h1, .board h1').first().waitFor();
}

for (const language of ['en', 'ur'] as const) {
  test.describe(language, () => {
    test('the door: signing in, being refused, the server away', async ({ visitor }) => {
      const at = await stage(visitor, language);
      const { page, say, look, typed } = at;
      await expect(page.getByLabel(say('signIn.name'))).toBeFocused();
      await look('sign-in');
      typed('reception wrong');
      await page.getByLabel(say('signIn.name')).fill('reception');
      await page.getByLabel(say('signIn.password'), { exact: true }).fill('wrong');
      await page.keyboard.press('Enter');
      await expect(page.getByText(say('errors.bad_credentials'))).toBeVisible();
      await look('sign-in-refused');
      await page.route('**/api/v1/**', (route) => route.abort('connectionrefused'));
      await page.reload();
      await expect(page.getByRole('heading', { name: say('link.unreachable') })).toBeVisible();
      await look('unreachable');
    });

    test('reception', async ({ visitor, clinic }) => {
      const at = await stage(visitor, language);
      const { page, say, look, typed } = at;
      // Somebody new, whom no other test gave a token: the newest is found first.
      const name = { en: 'Mona Larkin', ur: 'Momin Khan' }[language];
      await (await clinic.api('reception')).patients.register({ name });
      await signIn(at, 'reception', clinic.password);
      const search = page.getByRole('combobox', { name: say('reception.search') });
      const rows = page.getByRole('region', { name: say('reception.today') }).getByRole('row');
      await expect(rows.nth(1)).toBeVisible();
      await look('reception');
      await search.pressSequentially('mo');
      typed('mo');
      await expect(page.locator('.option')).toHaveCount(9);
      await expect(page.locator('.option').first()).toContainText(name);
      await look('reception-found');

      await search.press('Enter');
      await page.keyboard.press('Enter');
      await expect(page.getByText(say('reception.chooseQueue'))).toBeVisible();
      await look('reception-queue');
      await page.keyboard.press('b');
      await page.keyboard.press('2');
      await page.keyboard.press('Enter');
      await expect(issuedToken(page)).toBeVisible();
      await look('reception-issued');
      const token = await issuedToken(page).innerText();
      await page.keyboard.press('c');
      await expect(page.getByRole('dialog')).toBeVisible();
      await look('reception-cancel');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');

      await search.pressSequentially('mo');
      await expect(page.locator('.option')).toHaveCount(9);
      await page.locator('.option').filter({ hasText: token }).click();
      await page.keyboard.press('b');
      await page.keyboard.press('Enter');
      await expect(page.getByText(say('reception.exists'))).toBeVisible();
      await look('reception-exists');
      await page.keyboard.press('Escape');

      await page.keyboard.press('Alt+n');
      await page.getByRole('button', { name: say('patient.more') }).click();
      await page.getByLabel(say('patient.birth')).fill('never');
      typed('never');
      await page.getByRole('button', { name: say('patient.save'), exact: true }).click();
      await expect(page.getByText(say('patient.birthWrong'))).toBeVisible();
      await look('new-patient-wrong');
      await page.getByLabel(say('patient.birth')).fill('1991-05-01');
      await page.getByLabel(say('patient.name'), { exact: true }).fill('Mariana Rutherford');
      typed('Mariana Rutherford');
      await expect(page.getByText(say('patient.duplicates'))).toBeVisible();
      await look('new-patient-known');
      await page.getByRole('button', { name: say('common.back') }).click();

      const menu = page.getByRole('button', { name: say('visit.actionsFor', { token }) });
      await menu.click();
      await expect(page.getByRole('menu')).toBeVisible();
      await look('visit-menu');
      await page.getByRole('menuitem', { name: say('why.open') }).click();
      await expect(page.getByRole('dialog').getByRole('listitem').first()).toBeVisible();
      await look('visit-why');
      await page.keyboard.press('Escape');
      await menu.click();
      await page.getByRole('menuitem', { name: say('act.transfer') }).click();
      await page
        .getByRole('dialog')
        .getByRole('button', { name: say('act.transfer') })
        .click();
      await expect(page.getByText(say('field.needed'))).toBeVisible();
      await look('visit-transfer');
      await page.keyboard.press('Escape');

      await page.getByLabel(say('visit.state')).selectOption('ended');
      await expect(rows.nth(1)).toContainText(say('state.done'));
      await look('reception-ended');
      await page.getByRole('heading', { level: 1 }).click();
      await page.keyboard.press('?');
      await expect(page.getByRole('dialog')).toBeVisible();
      await look('keys');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').getByLabel(say('shell.search')).pressSequentially('an');
      typed('an');
      await expect(page.locator('.mantine-Spotlight-action').nth(2)).toBeVisible();
      await look('search');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Rosa Dizon' }).click();
      await expect(page.getByRole('menu')).toBeVisible();
      await look('user-menu');
      await page.getByRole('menuitem', { name: say('password.change') }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await look('password');
      await page.keyboard.press('Escape');
      await page.goto('/#/admin');
      await expect(page.getByRole('heading', { level: 1, name: say('errors.forbidden') })).toBeVisible();
      await look('forbidden');
    });

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
      const at = await stage(visitor, language);
      const { page, say, look } = at;
      await signIn(at, 'doctor', clinic.password);
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

    test('the administration: what happens, who, and what is kept', async ({ visitor, clinic }) => {
      const at = await stage(visitor, language);
      const { page, say, look, typed } = at;
      await signIn(at, 'admin', clinic.password);
      const go = (tab: string) =>
        page
          .getByRole('navigation', { name: say('admin.pages') })
          .getByRole('link', { name: say(`admin.tab.${tab}`) })
          .click();
      const heading = (tab: string) => page.getByRole('heading', { level: 1, name: say(`admin.tab.${tab}`) });
      const dialog = page.getByRole('dialog');
      const shut = async () => {
        await page.keyboard.press('Escape');
        await expect(dialog).toHaveCount(0);
      };
      await expect(heading('now')).toBeVisible();
      await look('admin-now');

      await go('patients');
      const record = page.getByRole('row').nth(1);
      await record.getByRole('button', { name: say('patients.merge') }).waitFor();
      await look('admin-patients');
      await record.getByRole('button', { name: say('patients.open') }).click();
      await expect(dialog).toBeVisible();
      await look('admin-record');
      await shut();
      await record.getByRole('button', { name: say('patients.merge') }).click();
      await expect(dialog).toBeVisible();
      await look('admin-merge');
      await shut();
      await record.getByRole('button', { name: say('patients.archive') }).click();
      await expect(dialog).toBeVisible();
      await look('admin-archive');
      await shut();

      await go('import');
      await expect(heading('import')).toBeVisible();
      const buffer = Buffer.from('Name,DOB\nAnila Tariq,1990-01-01\nBad Row,never\n');
      typed('patients.csv Name DOB Anila Tariq Bad Row never');
      await page.locator('input[type=file]').setInputFiles({ name: 'patients.csv', mimeType: 'text/csv', buffer });
      await page.getByRole('button', { name: say('import.upload') }).click();
      await page.getByRole('button', { name: say('import.try') }).click();
      await expect(page.getByRole('button', { name: say('import.rejected') })).toBeVisible();
      await look('admin-import');

      await go('users');
      await expect(page.getByRole('row').nth(3)).toBeVisible();
      await look('admin-users');
      await page.getByRole('button', { name: say('users.new') }).click();
      await dialog.getByLabel(say('role.display')).check();
      await dialog.getByRole('button', { name: say('common.save') }).click();
      await expect(dialog.getByText(say('field.needed')).first()).toBeVisible();
      await look('admin-user-wrong');
      await shut();
      await page.getByRole('button', { name: `${say('users.setPassword')} doctor2` }).click();
      await expect(dialog).toBeVisible();
      await look('admin-password');
      await shut();
    });

    test('the administration: queues, boards, the log, settings', async ({ visitor, clinic }) => {
      const at = await stage(visitor, language);
      const { page, say, look } = at;
      await signIn(at, 'admin', clinic.password);
      const go = (tab: string) =>
        page
          .getByRole('navigation', { name: say('admin.pages') })
          .getByRole('link', { name: say(`admin.tab.${tab}`) })
          .click();
      const dialog = page.getByRole('dialog');
      const shut = async () => {
        await page.keyboard.press('Escape');
        await expect(dialog).toHaveCount(0);
      };
      await go('queues');
      await expect(page.getByRole('row').filter({ hasText: 'Triage' }).first()).toBeVisible();
      await look('admin-queues');
      await page.getByRole('button', { name: say('queue.new') }).click();
      await dialog.getByRole('radio', { name: say('policy.ratio') }).check();
      await dialog.getByRole('button', { name: say('common.save') }).click();
      await expect(dialog.getByText(say('queue.codeWrong'))).toBeVisible();
      await look('admin-queue-wrong');
      await shut();
      await page.getByRole('button', { name: `${say('common.edit')} Room 1` }).click();
      await expect(dialog).toBeVisible();
      await look('admin-room');
      await shut();

      await go('boards');
      await page.getByRole('button', { name: `${say('common.edit')} Waiting room` }).click();
      await expect(dialog).toBeVisible();
      await look('admin-board');
      await shut();
      await look('admin-boards');

      await go('audit');
      await page.getByRole('button', { name: say('audit.verify') }).click();
      await expect(page.getByText(say('audit.complete'))).toBeVisible();
      await look('admin-audit');
      await page
        .getByRole('button', { name: new RegExp(`^${say('audit.details')}`) })
        .first()
        .click();
      await expect(dialog).toBeVisible();
      await look('admin-audit-entry');
      await shut();

      await go('settings');
      await page.getByRole('button', { name: say('backup.start') }).click();
      await expect(page.getByText(say('backup.good')).first()).toBeVisible();
      await look('admin-settings');
      await page.getByRole('button', { name: say('backup.kit') }).click();
      await expect(page.getByTestId('recovery-kit')).toBeVisible();
      await look('admin-kit');
    });

    test.describe('the first minute', () => {
      test.use({ demo: false });
      test('choosing, hosting, joining, the recovery kit', async ({ visitor }) => {
        const at = await stage(visitor, language);
        const { page, say, look, typed } = at;
        await expect(page.getByRole('heading', { name: say('firstRun.title') })).toBeVisible();
        await look('first-run');
        await page.getByRole('button', { name: say('firstRun.join') }).click();
        typed('clinic.local');
        await page.getByRole('button', { name: say('join.open') }).click();
        await expect(page.getByText(say('join.wrong'))).toBeVisible();
        await look('join');
        await page.getByRole('button', { name: say('common.back') }).click();
        await page.getByRole('button', { name: say('firstRun.demo') }).click();
        await expect(page.getByRole('button', { name: say('demo.make') })).toBeVisible();
        await look('demo');
        await page.getByRole('button', { name: say('common.back') }).click();
        await page.getByRole('button', { name: say('firstRun.host') }).click();
        await page.getByRole('button', { name: say('host.make') }).click();
        await expect(page.getByText(say('field.needed')).first()).toBeVisible();
        await look('host-wrong');
        await page.getByLabel(say('host.clinic')).fill('Al-Shifa');
        await page.getByLabel(say('host.name')).fill('Nadia');
        await page.getByLabel(say('signIn.password'), { exact: true }).fill('rain on tin roof 7');
        await page.getByLabel(say('password.again')).fill('rain on tin roof 7');
        await page.getByRole('button', { name: say('host.make') }).click();
        await expect(page.getByTestId('recovery-kit')).toBeVisible();
        await look('kit');
      });
    });
  });
}
