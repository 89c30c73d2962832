import { type DesktopAnswers, farDesk, fillSheet, givePlayedDesktop } from '../support/desk.ts';
import { LOOKED_AT, stage } from '../support/look.ts';
import type { Api, ClinicServer } from '../support/server.ts';
import { expect, signIn, test, type Visitor } from '../support/test.ts';

// As in the other files here: what a paired desk says about itself and cannot do alone, and the sheet of what is to be settled.
test.describe.configure({ mode: 'parallel', timeout: 150_000 });

const MINUTE = 60_000;
const OWN = { unsent: 3, filling: null, skew: 0 };
const ALONE = { state: 'offline', since: Date.parse('2026-11-18T10:42:00Z'), restarting: false, alone: true, ...OWN };
const JOINED = { clinic: 'Green Valley Clinic', name: 'Left window', code: 'R2', place: 'reception' };
const at = (minutes: number) => Date.parse('2026-11-18T10:42:00Z') + minutes * MINUTE;

const item = (n: number, operation: string, label: string | null, state: string, refusal: object | null = null) => ({
  ...{ n, operation, label, state, refusal, by: 'Rosa Dizon', madeAt: at(n), attempts: 1 },
});
const STALE = { code: 'stale', facts: { state: 'in_room', lastCommand: 'enter' } };
const ITEMS = [
  item(7, 'visits.cancel', 'A-012', 'refused', STALE),
  item(6, 'visits.transfer', 'A-012', 'refused', { code: 'stale', facts: {} }),
  item(5, 'visits.issueOffline', 'A-R2-014', 'waiting'),
  item(4, 'patients.register', 'R2-P003', 'waiting'),
  item(3, 'notes.save', 'A-009', 'waiting'),
  item(2, 'queues.callNext', 'A-009', 'confirmed'),
  item(1, 'visits.noShow', 'A-008', 'aside'),
];
const work = (more: object = {}) => ({
  value: { items: ITEMS, visits: 214, patients: 20_418, readAt: at(-1), trouble: null, ...more },
});

/** What this program answers to its pages, with the clinic's own people, queues and visits. */
async function answersOf(clinic: ClinicServer, username: string, link: object): Promise<DesktopAnswers> {
  const api: Api = await clinic.api(username);
  const [setup, me, settings, visits, queues, rooms, staff, boards] = await Promise.all([
    ...[
      api.setup.state(),
      api.auth.me(),
      api.settings.get(),
      api.visits.list({ state: ['waiting'], limit: 500 }),
      api.queues.list(),
    ],
    ...[api.rooms.list(), api.users.staff(), api.boards.list()],
  ]);
  return {
    'setup.state': { value: setup },
    'auth.me': { value: me },
    'settings.get': { value: settings },
    'visits.list': { value: visits },
    'queues.list': { value: queues },
    'rooms.list': { value: rooms },
    'users.staff': { value: staff },
    'boards.list': { value: boards },
    'desktop.language': { value: null },
    'desktop.idle': { value: null },
    'desktop.link': { value: link },
    'desk.state': { value: { keychain: 'available', joined: JOINED, trouble: null } },
    'work.list': work(),
    'sheet.list': { value: { items: [], nextCursor: null } },
  };
}

for (const language of LOOKED_AT) {
  test.describe(language, () => {
    const played = async (visitor: Visitor, answers: DesktopAnswers) => {
      const seen = await stage(visitor, language, (page) => givePlayedDesktop(page, answers));
      seen.typed(JSON.stringify(answers));
      return seen;
    };

    test('this desk: alone, connected, wrong in its clock, and not the same as the server', async ({
      visitor,
      clinic,
    }) => {
      const answers = await answersOf(clinic, 'reception', ALONE);
      const alone = await played(visitor, answers);
      await alone.page.locator('.link a').click();
      await expect(alone.page.getByRole('heading', { level: 1 })).toHaveText(alone.say('place.desk'));
      await expect(alone.page.getByRole('heading', { name: alone.say('work.refused') })).toBeVisible();
      await alone.look('desk-alone');

      const online = await played(visitor, {
        ...answers,
        'desktop.link': { value: { state: 'online', ...OWN, skew: 7 * MINUTE } },
        'work.prove': {
          value: {
            day: '2026-11-18',
            here: { count: 213, sha256: 'a' },
            server: { count: 214, sha256: 'b' },
            same: false,
          },
        },
      });
      await online.page.locator('.link a').click();
      await expect(online.page.getByRole('alert').filter({ hasText: '7' }).first()).toBeVisible();
      await online.page.getByRole('button', { name: online.say('work.compare') }).click();
      await expect(online.page.getByText(online.say('work.notSame'))).toBeVisible();
      await online.look('desk-online');

      const filling = await played(visitor, {
        ...answers,
        'desktop.link': { value: { state: 'online', unsent: 0, filling: 0.4, skew: 0 } },
        'work.list': work({ items: [], trouble: 'older_server', readAt: null }),
      });
      await filling.page.locator('.link a').click();
      await expect(filling.page.getByText(filling.say('work.none'))).toBeVisible();
      await filling.look('desk-filling');
    });

    test('what cannot be done alone, in the room and in the administration', async ({ visitor, clinic }) => {
      const room = await played(visitor, await answersOf(clinic, 'doctor', ALONE));
      await expect(room.page.getByRole('button', { name: room.say('doctor.changeRoom') })).toHaveAttribute(
        'aria-disabled',
        'true',
      );
      await room.look('alone-room');
      const admin = await played(visitor, await answersOf(clinic, 'admin', ALONE));
      await admin.page.goto('/#/admin/boards');
      await expect(admin.page.getByText(admin.say('admin.alone'))).toBeVisible();
      await admin.look('alone-admin');
      await admin.page.goto('/#/sheet');
      await expect(admin.page.getByText(admin.say('link.needsServer'))).toBeVisible();
      await admin.look('alone-sheet');
    });

    test('the sheet: nothing on it, three things to settle, one settled', async ({ visitor, clinic }) => {
      const { page, say, look, typed } = await stage(visitor, language);
      await signIn(page, 'admin', clinic.password, say);
      await page.goto('/#/sheet');
      const desk = await farDesk(clinic, `Left window ${language}`);
      const number = LOOKED_AT.indexOf(language) + 1;
      const { first } = await fillSheet(clinic, desk, {
        number,
        name: { en: 'Nida Farah', ur: 'Samia Kausar' }[language],
      });
      await desk.close();
      const two = page
        .getByRole('article')
        .filter({ hasText: first.token })
        .filter({ hasText: say('sheet.kind.second_token') });
      await expect(two).toBeVisible();
      await look('sheet');
      await two.getByRole('button', { name: say('sheet.settle') }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: say('sheet.settleAction') }).click();
      await expect(dialog.getByText(say('field.needed'))).toBeVisible();
      await look('sheet-settle');
      typed('Cancelled the second one.');
      await dialog.getByLabel(say('sheet.note')).fill('Cancelled the second one.');
      await dialog.getByRole('button', { name: say('sheet.settleAction') }).click();
      await expect(dialog).toHaveCount(0);
      await page.getByRole('switch', { name: say('sheet.showSettled') }).click();
      await expect(two).toBeVisible();
      await look('sheet-settled');
      await page.goto('/#/admin');
      await expect(page.getByRole('link', { name: say('sheet.look') })).toBeVisible();
      await look('sheet-now');
    });
  });
}
