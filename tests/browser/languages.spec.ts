import { addDesk, givePlayedDesktop, newDesk } from './support/desk.ts';
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
  const page = await enter('reception2');
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

test('the language of a person comes with them to another computer, and one chosen at its door goes before', async ({
  enter,
  visitor,
  clinic,
}) => {
  const first = await enter('reception2');
  await picker(first).selectOption('fil');
  await expectLanguage(first, 'fil');
  await first.reload();
  await expectLanguage(first, 'fil');

  const other = await enter('reception2');
  await expect(other.getByLabel(sayIn('fil')('reception.search'), { exact: true })).toBeVisible();
  await expectLanguage(other, 'fil');

  const third = await visitor();
  await picker(third).selectOption('hi');
  await signIn(third, 'reception2', clinic.password, sayIn('hi'));
  await expectLanguage(third, 'hi');
  await third.reload();
  await expect(third.getByLabel(sayIn('hi')('reception.search'), { exact: true })).toBeVisible();
  await expectLanguage(third, 'hi');
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

test('whoever reads English fetches no other language and no other letters', async ({ enter, clinic }) => {
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
  await (await clinic.api('reception')).profile.prefer({ language: null });
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

    test('what is connected, and how it is added', async ({ visitor, clinic }) => {
      await addDesk(clinic, `R ${language}`);
      const { page, check } = await stage(visitor);
      await page.getByRole('button', { name: say('screens.show') }).click();
      await expect(page.getByText(say('screens.shown'))).toBeVisible();
      await check('screen-code');
      await page.getByRole('button', { name: say('common.back') }).click();
      await signIn(page, 'admin', clinic.password, say);
      await page.goto('/#/admin/devices');
      const row = page.getByRole('row').filter({ hasText: `R ${language}` });
      const dialog = page.getByRole('dialog');
      await row.getByRole('button', { name: say('devices.revoke') }).click();
      await expect(dialog.getByText(say('devices.revokeDesk'))).toBeVisible();
      await check('device-revoke');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: say('screens.title') }).click();
      await expect(dialog.getByLabel(say('screens.code'))).toBeVisible();
      await check('screen-add');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: say('pairing.title') }).click();
      await expect(dialog.getByText(say('pairing.waiting'))).toBeVisible();
      await check('desk-waiting');
      const desk = await newDesk(clinic);
      await dialog.getByLabel(say('pairing.code')).fill(desk.code);
      await dialog.getByLabel(say('pairing.name')).fill(`Q ${language}`);
      await check('desk-asks');
      await dialog.getByRole('button', { name: say('pairing.add') }).click();
      await expect(dialog.getByText(say('pairing.answer'))).toBeVisible();
      await check('desk-answer');
      await desk.close();
    });

    test('why a desk is away', async ({ visitor }) => {
      const steps = (['typed', 'last', 'network', 'known'] as const).map((step, index) => ({
        ...{ step, address: null, outcome: ['not_ours', 'nobody', 'clock', 'older'][index] },
      }));
      const joined = { clinic: 'R', name: 'R', code: 'R', place: 'reception' };
      const { page, check } = await stage(visitor, (at) =>
        givePlayedDesktop(at, {
          'desk.state': { value: { keychain: 'available', joined, trouble: 'not_ours' } },
          'desk.find': { value: { steps } },
        }),
      );
      await page.getByRole('button', { name: say('desk.diagnose') }).click();
      await expect(page.getByText(say('desk.step.known'))).toBeVisible();
      await check('away');
    });
  });
}
