import { LOOKED_AT, stage } from '../support/look.ts';
import { expect, test } from '../support/test.ts';

// Every screen and its main states: no axe violation in light and dark, nothing wider than the window at 1366 × 768 and at
// 200 % zoom, and every word in the person's language. Here: the first minute, and the door.
test.describe.configure({ mode: 'parallel', timeout: 150_000 });

for (const language of LOOKED_AT) {
  test.describe(language, () => {
    test('the door: signing in, being refused, the server away', async ({ visitor }) => {
      const { page, say, look, typed } = await stage(visitor, language);
      await expect(page.getByLabel(say('signIn.name'))).toBeFocused();
      await look('sign-in');
      typed('reception wrong');
      await page.getByLabel(say('signIn.name')).fill('reception');
      await page.getByLabel(say('signIn.password'), { exact: true }).fill('wrong');
      await page.keyboard.press('Enter');
      await expect(page.getByText(say('errors.bad_credentials'))).toBeVisible();
      await look('sign-in-refused');
      await page.getByRole('button', { name: say('signIn.forgotten') }).click();
      await page.getByRole('button', { name: say('common.save') }).click();
      await expect(page.getByText(say('field.needed')).first()).toBeVisible();
      await look('forgotten');
      await page.route('**/api/v1/**', (route) => route.abort('connectionrefused'));
      await page.reload();
      await expect(page.getByRole('heading', { name: say('link.unreachable') })).toBeVisible();
      await look('unreachable');
    });

    test.describe('the first minute', () => {
      test.use({ demo: false });
      test('choosing, hosting, joining, the recovery kit', async ({ visitor }) => {
        const { page, say, look, typed } = await stage(visitor, language);
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
