import { codeAt } from '../../support/authenticator.ts';
import { openPostOffice } from '../../support/post-office.ts';
import { LOOKED_AT, stage } from '../support/look.ts';
import { expect, signIn, test } from '../support/test.ts';

// Every screen and its main states: no axe violation in light and dark, nothing wider than the window at 1366 × 768 and at
// 200 % zoom, and every word in the person's language. Here: one's own account, and how safe the clinic is.
test.describe.configure({ mode: 'parallel', timeout: 150_000 });

for (const language of LOOKED_AT) {
  test.describe(language, () => {
    test('an authenticator app: set up while signing in, its codes, replaced', async ({ visitor, clinic }) => {
      await (await clinic.api('admin')).settings.updateAccess({ secondFactorFor: ['pharmacist'] });
      const made = await (await clinic.api('admin')).users.create({
        ...{ username: `new-${language}`, name: 'Imran Qureshi', password: clinic.password, roles: ['pharmacist'] },
      });
      const { page, say, look, typed } = await stage(visitor, language);
      typed(`${made.username} ${made.code} Imran Qureshi`);
      await page.getByLabel(say('signIn.name')).fill(made.username);
      await page.getByLabel(say('signIn.password'), { exact: true }).fill(clinic.password);
      await page.keyboard.press('Enter');
      const key = page.locator('.app-key');
      await expect(key).toBeVisible();
      const shown = await key.innerText();
      typed(shown);
      await look('factor-set-up');
      await page.getByLabel(say('factor.code'), { exact: true }).fill(codeAt(shown.replaceAll(' ', ''), Date.now()));
      await page.keyboard.press('Enter');
      await expect(page.getByText(say('factor.recoveryNone'))).toBeVisible();
      await look('account');
      await page.getByRole('button', { name: say('factor.newCodes') }).click();
      const codes = page.getByRole('dialog').getByRole('listitem');
      await expect(codes).toHaveCount(10);
      typed((await codes.allInnerTexts()).join(' '));
      await look('recovery-codes');
      await page.getByRole('button', { name: say('factor.codesKept') }).click();
      await page.getByRole('button', { name: say('factor.replace') }).click();
      await expect(key).toBeVisible();
      typed(await key.innerText());
      await look('factor-replace');
    });

    test('codes by mail: an address verified, the second step', async ({ visitor, clinic }) => {
      const post = await openPostOffice();
      const admin = await clinic.api('admin');
      await admin.mail.set(post.settings);
      const [username, email] = [`mailed-${language}`, `mailed-${language}@example.com`];
      const made = await admin.users.create({
        ...{ username, email, name: 'Imran Qureshi', password: clinic.password, roles: ['nurse'] },
      });
      const { page, say, look, typed } = await stage(visitor, language);
      typed(`${username} ${email} ${made.code} m…@example.com`);
      await page.getByRole('button', { name: say('signIn.forgotten') }).click();
      await expect(page.getByRole('button', { name: say('signIn.mailMe') })).toBeVisible();
      await look('forgotten-by-mail');
      await page.getByRole('button', { name: say('common.back') }).click();
      await signIn(page, username, clinic.password, say);
      await page.goto('/#/account');
      await page.getByRole('button', { name: say('email.verify') }).click();
      await expect(page.getByRole('dialog', { name: say('email.title') })).toBeVisible();
      await look('verify-email');
      await page.getByLabel(say('factor.code'), { exact: true }).fill(post.to(email)?.code ?? '');
      await page.keyboard.press('Enter');
      await page.getByRole('switch', { name: say('factor.mailCodes') }).click();
      typed((await page.getByRole('dialog').getByRole('listitem').allInnerTexts()).join(' '));
      await page.getByRole('button', { name: say('factor.codesKept') }).click();
      await page.getByRole('button', { name: 'Imran Qureshi' }).click();
      await page.getByRole('menuitem', { name: say('shell.signOut') }).click();
      await page.getByLabel(say('signIn.name')).fill(username);
      await page.getByLabel(say('signIn.password'), { exact: true }).fill(clinic.password);
      await page.keyboard.press('Enter');
      await expect(page.getByText(say('factor.recoveryMail'))).toBeVisible();
      await look('second-step-mail');
      await post.close();
    });

    test('how safe the clinic is, and whether it is still the same person', async ({ visitor, clinic }) => {
      const { page, say, look } = await stage(visitor, language);
      await signIn(page, 'admin', clinic.password, say);
      await page.goto('/#/admin/security');
      await expect(page.getByText(say('security.weak_no_backup'))).toBeVisible();
      await expect(page.getByRole('row').nth(1)).toBeVisible();
      await look('security');
      await page.route('**/api/v1/users/*', (route) =>
        route.fulfill({
          status: 403,
          json: { status: 'error', error: { code: 'step_up', message: '', details: [] }, meta: { requestId: '' } },
        }),
      );
      await page.goto('/#/admin/users');
      await page.getByRole('button', { name: `${say('common.edit')} doctor2` }).click();
      await page.getByRole('button', { name: say('common.save') }).click();
      await expect(page.getByRole('dialog', { name: say('stepUp.title') })).toBeVisible();
      await page.keyboard.press('Enter');
      await expect(page.getByText(say('field.needed'))).toBeVisible();
      await look('step-up');
    });
  });
}
