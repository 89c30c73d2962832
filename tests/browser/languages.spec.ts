import { expect, issuedToken, type Page, signIn, test } from './support/test.ts';
import { wording } from './support/wording.ts';
import { directionOf, type Language, sayIn } from './support/words.ts';

// Four languages: chosen anywhere, kept, each with its own direction and letters; and in Hindi and Filipino nothing on the
// main screens is left in English or cut off. Urdu and English have th.
async function expectLanguage(page: Page, language: Language) {
  await expect(page.locator('html')).toHaveAttribute('lang', language);
  await expect(page.locator('html')).toHaveAttribute('dir', directionOf(language));
  await expect(page.locator('[dir]').first()).toHaveAttribute('dir', directionOf(language));
}
const picker = (page: Page) => page.locator('select:has(option[lang="hi"])');

test('the language is chosen at the door, and kept', async ({ visitor }) => {
  const page = await visitor();
  await expect(picker(page).locator('option')).toHaveText(['English', 'Filipino', 'हिन्दी', 'اردو']);
  for (const language of ['fil', 'hi', 'ur', 'en'] as const) {
    const say = sayIn(language);
    await picker(page).selectOption(language);
    await expect(page.getByRole('button', { name: say('signIn.enter'), exact: true })).toBeVisible();
    await expect(picker(page)).toHaveAccessibleName(say('common.language'));
    await expectLanguage(page, language);
    await page.reload();
    await expect(page.getByRole('button', { name: say('signIn.enter'), exact: true })).toBeVisible();
    await expectLanguage(page, language);
  }
});

test('the language is changed at work, and kept', async ({ enter }) => {
  const page = await enter('reception');
  for (const language of ['fil', 'hi', 'ur', 'en'] as const) {
    const say = sayIn(language);
    await picker(page).selectOption(language);
    await expect(page.getByLabel(say('reception.search'), { exact: true })).toBeVisible();
    await expectLanguage(page, language);
    await page.reload();
    await expect(page.getByLabel(say('reception.search'), { exact: true })).toBeVisible();
    await expectLanguage(page, language);
  }
});

for (const [locale, language] of [
  ['hi-IN', 'hi'],
  ['fil-PH', 'fil'],
  ['ur-PK', 'ur'],
  ['ta-IN', 'en'],
] as const) {
  test(`a browser in ${locale} is met in ${language}`, async ({ visitor }) => {
    const page = await visitor({ locale });
    await expect(page.getByLabel(sayIn(language)('signIn.name'))).toBeVisible();
    await expectLanguage(page, language);
  });
}

test('whoever reads English fetches no other language and no other letters', async ({ enter }) => {
  const fetched: string[] = [];
  const page = await enter('reception');
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  await page.reload();
  await expect(page.getByRole('region', { name: 'Today' }).getByRole('row').nth(1)).toBeVisible();
  await page.evaluate(() => document.fonts.ready);
  const foreign = () => fetched.filter((name) => /\/(fil|hi|ur)-|vazirmatn|devanagari/.test(name));
  expect(fetched.some((name) => name.includes('/en-'))).toBe(true);
  expect(foreign()).toEqual([]);
  await picker(page).selectOption('hi');
  await expect.poll(foreign).toEqual([expect.stringMatching(/\/hi-/), expect.stringMatching(/devanagari/)]);
});

for (const language of ['fil', 'hi'] as const) {
  test.describe(language, () => {
    const { say, stage } = wording(language);

    test('the door and the front desk', async ({ visitor, clinic }) => {
      const { page, check } = await stage(visitor);
      await expect(page.getByLabel(say('signIn.name'))).toBeFocused();
      await check('sign-in');
      await signIn(page, 'reception', clinic.password, say);
      await expect(
        page
          .getByRole('region', { name: say('reception.today') })
          .getByRole('row')
          .nth(1),
      ).toBeVisible();
      await check('reception');
      await page.keyboard.press('Alt+n');
      await page.getByRole('button', { name: say('patient.more') }).click();
      await expect(page.getByLabel(say('patient.notes'))).toBeVisible();
      await check('new-patient');
      await page.getByRole('button', { name: say('common.back') }).click();
      await page.getByRole('combobox', { name: say('reception.search') }).pressSequentially('mo');
      await expect(page.locator('.option')).toHaveCount(9);
      await check('found');
      await page.locator('.option:not(:has(.token))').first().click();
      await expect(page.getByRole('radio', { name: say('priority.emergency') })).toBeVisible();
      await check('queue');
      await page.keyboard.press('b');
      await page.keyboard.press('Enter');
      await expect(issuedToken(page)).toBeVisible();
      await check('issued');
      await page.keyboard.press('c');
      await expect(page.getByRole('dialog')).toBeVisible();
      await check('cancel');
    });

    test('the consulting room', async ({ visitor, clinic }) => {
      const { page, check } = await stage(visitor);
      await signIn(page, 'doctor', clinic.password, say);
      const begin = page.getByRole('button', { name: say('doctor.begin') });
      await begin.or(page.getByRole('button', { name: say('doctor.changeRoom') })).waitFor();
      if (await begin.isVisible()) {
        await check('room-choice');
        await begin.click();
      }
      await expect(
        page
          .getByRole('region', { name: say('doctor.waitingList') })
          .getByRole('row')
          .nth(1),
      ).toBeVisible();
      await check('doctor');
      await page.keyboard.press('?');
      await expect(page.getByRole('dialog')).toBeVisible();
      await check('keys');
    });

    test('the board', async ({ visitor, clinic }) => {
      const { page, check } = await stage(visitor);
      await signIn(page, 'board', clinic.password, say);
      await expect(page.locator('.board-queue').first()).toBeVisible();
      await check('board');
    });

    test('what happens now', async ({ visitor, clinic }) => {
      const { page, check } = await stage(visitor);
      await signIn(page, 'admin', clinic.password, say);
      await expect(page.locator('.figure')).toHaveCount(8);
      await expect(
        page
          .getByRole('region', { name: say('now.queues') })
          .getByRole('row')
          .nth(1),
      ).toBeVisible();
      await check('now');
    });
  });
}
