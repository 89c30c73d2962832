import { LOOKED_AT, stage } from '../support/look.ts';
import { expect, signIn, test } from '../support/test.ts';

// Every screen and its main states: no axe violation in light and dark, nothing wider than the window at 1366 × 768 and at
// 200 % zoom, and every word in the person's language. Here: the administration.
test.describe.configure({ mode: 'parallel', timeout: 150_000 });

for (const language of LOOKED_AT) {
  test.describe(language, () => {
    test('the administration: what happens, who, and what is kept', async ({ visitor, clinic }) => {
      const { page, say, look, typed } = await stage(visitor, language);
      await signIn(page, 'admin', clinic.password, say);
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
      for (const what of ['password', 'rights', 'suspend']) {
        await page.getByRole('button', { name: say('users.more', { name: 'doctor2' }) }).click();
        await page.getByRole('menuitem', { name: say(`users.do_${what}`), exact: true }).click();
        await expect(dialog).toBeVisible();
        await look(`admin-${what}`);
        await shut();
      }

      await go('rights');
      await expect(page.getByRole('row').nth(3)).toBeVisible();
      await look('admin-who-may');
      await go('branches');
      await page.getByRole('button', { name: say('branches.new') }).click();
      await look('admin-branch');
      await shut();

      await go('pharmacies');
      await page.getByRole('button', { name: say('pharmacies.new') }).click();
      await dialog.getByRole('button', { name: say('common.save') }).click();
      await expect(dialog.getByText(say('field.needed')).first()).toBeVisible();
      await look('admin-pharmacy-wrong');
      await shut();
      const pharmacy = { name: 'Al-Shifa', licence: 'DL-2026/17', phone: '0300 1234567' };
      await (await clinic.api('admin')).pharmacies.create(pharmacy);
      await expect(page.getByRole('row').nth(1)).toBeVisible();
      await look('admin-pharmacies');
    });

    test('the administration: queues, boards, the log, settings', async ({ visitor, clinic }) => {
      const { page, say, look } = await stage(visitor, language);
      await signIn(page, 'admin', clinic.password, say);
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
  });
}
