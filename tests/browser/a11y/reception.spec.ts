import { LOOKED_AT, stage } from '../support/look.ts';
import { expect, issuedToken, signIn, test } from '../support/test.ts';

// Every screen and its main states: no axe violation in light and dark, nothing wider than the window at 1366 × 768 and at
// 200 % zoom, and every word in the person's language. Here: the front desk, and what is everywhere.
test.describe.configure({ mode: 'parallel', timeout: 150_000 });

for (const language of LOOKED_AT) {
  test.describe(language, () => {
    test('reception', async ({ visitor, clinic }) => {
      const { page, say, look, typed } = await stage(visitor, language);
      // Somebody new, whom no other test gave a token: the newest is found first.
      const name = { en: 'Mona Larkin', ur: 'Momin Khan' }[language];
      await (await clinic.api('reception')).patients.register({ name });
      await signIn(page, 'reception', clinic.password, say);
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
  });
}
