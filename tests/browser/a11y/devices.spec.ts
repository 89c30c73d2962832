import { addDesk, type DesktopAnswers, givePlayedDesktop, newDesk } from '../support/desk.ts';
import { LOOKED_AT, stage } from '../support/look.ts';
import { expect, signIn, test } from '../support/test.ts';

// As in the other files here: what is connected, how a desk and a screen are added, and why a desk is away.
test.describe.configure({ mode: 'parallel', timeout: 150_000 });

const ADDRESS = '192.168.1.20:7444';
const TOO_OLD = {
  status: 'error',
  error: { code: 'pairing_closed', message: '', details: [] },
  meta: { requestId: 'x' },
};
const HERE = {
  ...{ setUp: false, demo: false, clinic: null, here: true, defaultTimeZone: 'UTC', mail: false, accounts: null },
};
const JOINED = { clinic: 'Al-Shifa', name: 'Left window', code: 'R2', place: 'reception' };
const stateOf = (keychain: string, trouble: string | null = null) => ({
  value: { keychain, joined: keychain === 'available' ? JOINED : null, trouble },
});

for (const language of LOOKED_AT) {
  test.describe(language, () => {
    test('the administrator adds desks and screens, and takes them out', async ({ visitor, clinic }) => {
      await addDesk(clinic, `Left window ${language}`);
      const { page, say, look, typed } = await stage(visitor, language);
      await signIn(page, 'admin', clinic.password, say);
      await page.goto('/#/admin/devices');
      const row = page.getByRole('row').filter({ hasText: `Left window ${language}` });
      const dialog = page.getByRole('dialog');
      const shut = async () => {
        await page.keyboard.press('Escape');
        await expect(dialog).toHaveCount(0);
      };
      await expect(row).toBeVisible();
      await look('devices');
      await row.getByRole('button', { name: say('common.edit') }).click();
      await dialog.getByLabel(say('devices.name')).fill('');
      await dialog.getByRole('button', { name: say('common.save') }).click();
      await expect(dialog.getByText(say('field.needed'))).toBeVisible();
      await look('device-wrong');
      await shut();
      await row.getByRole('button', { name: say('devices.revoke') }).click();
      await expect(dialog.getByText(say('devices.revokeDesk'))).toBeVisible();
      await look('device-revoke');
      await dialog.getByRole('button', { name: say('devices.revoke') }).click();
      await expect(row.getByText(say('devices.revoked'))).toBeVisible();
      await look('device-revoked');

      await page.getByRole('button', { name: say('screens.title') }).click();
      await dialog.getByLabel(say('screens.code')).fill('000 000');
      await dialog.getByLabel(say('screens.name')).fill('TV');
      typed('TV');
      await dialog.getByRole('button', { name: say('screens.title') }).click();
      await expect(dialog.getByText(say('errors.wrong_code'))).toBeVisible();
      await look('screen-wrong');
      await shut();

      await page.getByRole('button', { name: say('pairing.title') }).click();
      await expect(dialog.getByText(say('pairing.waiting'))).toBeVisible();
      await expect(dialog.getByRole('listitem').first()).toBeVisible();
      await look('desk-waiting');
      const desk = await newDesk(clinic);
      const code = dialog.getByLabel(say('pairing.code'));
      await expect(code).toBeFocused();
      await look('desk-asks');
      await expect(newDesk(clinic)).rejects.toMatchObject({ code: 'pairing_busy' });
      await code.fill(desk.code === '000000' ? '111111' : '000000');
      await dialog.getByLabel(say('pairing.name')).fill('Pharmacy');
      typed('Pharmacy');
      await dialog.getByRole('button', { name: say('pairing.add') }).click();
      await expect(dialog.getByText(say('errors.wrong_code'))).toBeVisible();
      await expect(dialog.getByText(say('pairing.strangers'))).toBeVisible();
      await look('desk-wrong');
      await code.fill(desk.code);
      await dialog.getByRole('button', { name: say('pairing.add') }).click();
      await expect(dialog.getByText(say('pairing.answer'))).toBeVisible();
      await look('desk-answer');
      await desk.close();
      await shut();
      await page.getByRole('button', { name: say('pairing.title') }).click();
      await expect(dialog.getByText(say('pairing.waiting'))).toBeVisible();
      const admin = await clinic.api('admin');
      // It says so while it asks for the window, too: cancelled is only what is open.
      await expect.poll(async () => (await admin.pairing.pending()).until).not.toBeNull();
      await admin.pairing.cancel();
      await expect(dialog.getByText(say('pairing.closed'))).toBeVisible();
      await look('desk-closed');
    });

    test('nobody only displays yet', async ({ visitor, clinic }) => {
      const { page, say, look } = await stage(visitor, language);
      await page.route('**/api/v1/users?**', async (route) => {
        const response = await route.fetch();
        const body = (await response.json()) as { data: { items: { roles: string[] }[] } };
        const items = body.data.items.filter(({ roles }) => !roles.includes('display'));
        await route.fulfill({ response, json: { ...body, data: { ...body.data, items } } });
      });
      await signIn(page, 'admin', clinic.password, say);
      await page.goto('/#/admin/devices');
      await page.getByRole('button', { name: say('screens.title') }).click();
      await expect(page.getByRole('dialog').getByText(say('screens.none'))).toBeVisible();
      await look('screen-none');
    });

    test('a screen shows its code, until it is too old', async ({ visitor }) => {
      const { page, say, look } = await stage(visitor, language);
      await page.getByRole('button', { name: say('screens.show') }).click();
      await expect(page.getByText(say('screens.shown'))).toBeVisible();
      await look('screen-code');
      await page.route('**/api/v1/screens/*', (route) => route.fulfill({ status: 409, json: TOO_OLD }));
      await expect(page.getByText(say('screens.over'))).toBeVisible();
      await look('screen-over');
    });

    test.describe('at the new computer', () => {
      const played = async (visitor: Parameters<typeof stage>[0], answers: DesktopAnswers) => {
        const at = await stage(visitor, language, (page) => givePlayedDesktop(page, answers));
        at.typed(JSON.stringify(answers));
        return at;
      };
      const joining = { 'setup.state': { value: HERE }, 'desktop.language': { value: null } };

      test('looks for servers, finds none, asks one, and compares codes', async ({ visitor }) => {
        const searching = await played(visitor, { ...joining, 'desk.search': null });
        await searching.page.getByRole('button', { name: searching.say('firstRun.join') }).click();
        await expect(searching.page.getByText(searching.say('desk.searching'))).toBeVisible();
        await searching.look('join-searching');

        const none = await played(visitor, {
          ...joining,
          ...{ 'desk.search': { value: { servers: [] } }, 'desk.pair': { refusal: 'pairing_closed' } },
        });
        await none.page.getByRole('button', { name: none.say('firstRun.join') }).click();
        await none.page.getByLabel(none.say('join.address')).fill(ADDRESS);
        none.typed(ADDRESS);
        await none.page.getByRole('button', { name: none.say('desk.ask') }).click();
        await expect(none.page.getByText(none.say('errors.pairing_closed'))).toBeVisible();
        await none.look('join-none');

        const { page, say, look } = await played(visitor, {
          ...joining,
          'desk.search': { value: { servers: [ADDRESS, '192.168.1.21:7444'] } },
          'desk.pair': { value: { code: '418207', until: new Date(Date.now() + 300_000).toISOString() } },
          'desk.answer': { refusal: 'wrong_code' },
        });
        await page.getByRole('button', { name: say('firstRun.join') }).click();
        await expect(page.getByText(ADDRESS, { exact: true })).toBeVisible();
        await look('join-found');
        await page.getByRole('button', { name: say('desk.ask') }).click();
        await expect(page.getByText('418 207')).toBeVisible();
        await page.getByLabel(say('desk.answer')).fill('000000');
        await page.getByRole('button', { name: say('desk.finish') }).click();
        await expect(page.getByText(say('errors.wrong_code'))).toBeVisible();
        await look('join-wrong');
      });

      test('says why it is away, and what was tried', async ({ visitor }) => {
        const steps = [
          { step: 'typed', address: ADDRESS, outcome: 'not_ours' },
          { step: 'last', address: '192.168.1.9:7444', outcome: 'nobody' },
          { step: 'network', address: null, outcome: 'nobody' },
          { step: 'known', address: '192.168.1.8:7444', outcome: 'clock' },
        ];
        const { page, say, look, typed } = await played(visitor, {
          ...{ 'desk.state': stateOf('available', 'not_ours'), 'desk.find': { value: { steps } } },
        });
        await expect(page.getByText(say('desk.outcome.not_ours'))).toBeVisible();
        await look('away');
        await page.getByLabel(say('join.address')).fill(ADDRESS);
        typed(ADDRESS);
        await page.getByRole('button', { name: say('desk.diagnose') }).click();
        await expect(page.getByText(say('desk.step.known'))).toBeVisible();
        await look('away-steps');
      });

      for (const [name, state] of [
        ['revoked', stateOf('available', 'revoked')],
        ['locked', stateOf('locked')],
        ['silent', stateOf('silent')],
        ['absent', stateOf('absent')],
        ['changed', stateOf('changed')],
      ] as const) {
        test(`says that it cannot be a desk now: ${name}`, async ({ visitor }) => {
          const { page, say, look } = await played(visitor, {
            ...{ 'desk.state': state, 'desk.search': { value: { servers: [ADDRESS] } } },
          });
          const key = name === 'revoked' ? 'desk.outcome.revoked' : `desk.keychain.${name}`;
          await expect(page.getByText(say(key))).toBeVisible();
          await look(`away-${name}`);
          if (name !== 'revoked' && name !== 'changed') return;
          await page.getByRole('button', { name: say('desk.join') }).click();
          await expect(page.getByText(ADDRESS, { exact: true })).toBeVisible();
          await look(`away-${name}-join`);
        });
      }
    });
  });
}
