import { type BrowserContextOptions, test as base, type Page } from '@playwright/test';
import { type ClinicServer, startClinic } from './server.ts';
import { type Say, sayIn } from './words.ts';

export { expect, type Page } from '@playwright/test';

/** What a person has before them: somebody signed in, in a browser of their own. */
type Enter = (username: string, options?: Options) => Promise<Page>;
/** `at` is a place of the product; null is nowhere yet. */
type Options = BrowserContextOptions & { at?: string | null };
export type Visitor = (options?: Options) => Promise<Page>;

type Fixtures = {
  /** Whether the server hosts the demonstration, or nothing yet. */
  demo: boolean;
  /** The server of this spec file; another file gets another, with data of its own. */
  clinic: ClinicServer;
  /** A page in a context of its own, on the clinic's address. Whatever goes wrong on it fails the test. */
  visitor: Visitor;
  enter: Enter;
};

type Held = { key: string; clinic: Promise<ClinicServer> };

export const test = base.extend<Fixtures, { clinics: (key: string, demo: boolean) => Promise<ClinicServer> }>({
  demo: [true, { option: true }],

  clinics: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures from the pattern
    async ({}, use) => {
      let held: Held | null = null;
      await use(async (key, demo) => {
        if (held && held.key !== key) {
          await (await held.clinic).close();
          held = null;
        }
        held ??= { key, clinic: startClinic({ demo }) };
        return held.clinic;
      });
      const last = held as Held | null;
      if (last) await (await last.clinic).close();
    },
    { scope: 'worker' },
  ],

  clinic: async ({ clinics, demo }, use, testInfo) => {
    await use(await clinics(`${testInfo.file} ${demo ? 'demo' : testInfo.testId}`, demo));
  },

  visitor: async ({ browser, clinic }, use) => {
    const problems: string[] = [];
    const contexts: { close: () => Promise<void> }[] = [];
    await use(async ({ at = '/', ...options } = {}) => {
      const context = await browser.newContext({ baseURL: clinic.url, ...options });
      contexts.push(context);
      context.on('weberror', (error) => problems.push(error.error().stack ?? String(error.error())));
      context.on('console', (message) => {
        if (/Content Security Policy|React|Warning:/.test(message.text())) problems.push(message.text());
      });
      const page = await context.newPage();
      if (at) await page.goto(at === '/' ? '/' : `/#${at}`);
      return page;
    });
    for (const context of contexts) await context.close();
    if (problems.length > 0) throw new Error(`The pages had problems:\n${problems.join('\n')}`);
  },

  enter: async ({ visitor, clinic }, use) => {
    await use(async (username, options) => {
      const page = await visitor(options);
      await signIn(page, username, clinic.password);
      return page;
    });
  },
});

/** Types a name and a password and sends them, whatever comes of it. */
export async function typeSignIn(
  page: Page,
  username: string,
  password: string,
  say: Say = sayIn('en'),
): Promise<void> {
  await page.getByLabel(say('signIn.name')).fill(username);
  await page.getByLabel(say('signIn.password'), { exact: true }).fill(password);
  await page.getByRole('button', { name: say('signIn.enter'), exact: true }).click();
}

/** Signs in as a person does, in the language of the page. */
export async function signIn(page: Page, username: string, password: string, say: Say = sayIn('en')): Promise<void> {
  await typeSignIn(page, username, password, say);
  await page.locator('#main h1, .board h1').first().waitFor();
}

/** Nobody waits and every room is empty, so that the next token is the next call. */
export async function emptyClinic(clinic: ClinicServer): Promise<void> {
  const [doctor, reception] = [await clinic.api('doctor'), await clinic.api('reception')];
  const open = await reception.visits.list({ state: ['waiting', 'called', 'in_room', 'parked'], limit: 500 });
  for (const { id, stepId, version, state } of open.items) {
    const step = { id, stepId, expectedVersion: version };
    if (state === 'in_room') await doctor.visits.finish(step);
    else if (state === 'called') await doctor.visits.noShow(step);
    else await reception.visits.cancel({ ...step, reason: 'The stage is cleared for a test.' });
  }
}

/** Nobody waits but these new patients, in the general queue, and the doctor is alone in a room. */
export async function onlyWaiting(clinic: ClinicServer, names: readonly string[], about: object = {}) {
  await emptyClinic(clinic);
  const [reception, doctor] = [await clinic.api('reception'), await clinic.api('doctor')];
  const queue = (await reception.queues.list()).items.find(({ code }) => code === 'A');
  const queueId = queue?.id as string;
  const visits = [];
  for (const name of names) {
    const { id: patientId } = await reception.patients.register({ ...about, name });
    visits.push(await reception.visits.issue({ patientId, queueId }));
  }
  const roomId = (await doctor.auth.me()).workingInRoomId as string;
  return { reception, doctor, queueId, roomId, visits, tokens: visits.map(({ token }) => token) };
}

/** The token that is shown large after it was given. */
export const issuedToken = (page: Page) => page.getByTestId('issued-token');
