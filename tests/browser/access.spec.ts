import { expect, onlyWaiting, type Page, signIn, test } from './support/test.ts';

const nameField = (page: Page) => page.getByLabel('Sign-in name');
const passwordField = (page: Page) => page.getByLabel('Password', { exact: true });

test('a wrong password is said in the same words as an unknown name, and the name stays', async ({
  visitor,
  clinic,
}) => {
  const page = await visitor();
  for (const [username, password] of [
    ['reception', 'not the password'],
    ['nobody-of-this-name', clinic.password],
  ] as const) {
    await nameField(page).fill(username);
    await passwordField(page).fill(password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(page.getByRole('alert')).toHaveText('The name or the password is not right.');
    await expect(passwordField(page)).toHaveValue('');
    await expect(nameField(page)).toHaveValue(username);
  }
  await signIn(page, 'reception', clinic.password);
  await expect(page.getByRole('heading', { level: 1, name: 'Reception' })).toBeVisible();
});

test('a name that is guessed at is locked, and the person is told for how long', async ({ visitor, clinic }) => {
  const page = await visitor();
  await nameField(page).fill('pharmacist');
  await expect(async () => {
    await passwordField(page).fill('a wrong guess');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(page.getByRole('alert')).toContainText(/Wait \d+ minutes/, { timeout: 1000 });
  }).toPass({ timeout: 20_000, intervals: [0] });
  await passwordField(page).fill(clinic.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText(/Wait \d+ minutes/);
});

test('a receptionist reaches nothing of the administration', async ({ enter }) => {
  const page = await enter('reception');
  await expect(page.getByRole('navigation', { name: 'Places' }).getByRole('link')).toHaveText(['Reception']);
  const refused: number[] = [];
  page.on('response', (response) => {
    if (response.url().includes('/api/')) refused.push(response.status());
  });
  for (const place of ['/admin', '/admin/users', '/admin/audit', '/doctor']) {
    await page.goto(`/#${place}`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(
      'Your account may not do this. Ask an administrator if you need to.',
    );
    await expect(page.getByRole('navigation', { name: 'Administration pages' })).toHaveCount(0);
    await expect(page.getByRole('table')).toHaveCount(0);
  }
  await page.getByRole('link', { name: 'Reception' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Reception' })).toBeVisible();
  expect(refused).not.toContain(403);
});

test('a place that one may not enter stays closed while one leaves it', async ({ enter }) => {
  const page = await enter('reception', { at: '/doctor' });
  const forbidden = page.getByText('Your account may not do this. Ask an administrator if you need to.');
  await expect(forbidden).toBeVisible();
  const refused: string[] = [];
  page.on('response', (response) => {
    if (response.status() === 403) refused.push(response.url());
  });
  const onItsWay = Promise.withResolvers<void>();
  const arrive = Promise.withResolvers<void>();
  await page.route(/\/Reception-[^/]*\.js$/, async (route) => {
    onItsWay.resolve();
    await arrive.promise;
    await route.continue();
  });
  await page.getByRole('link', { name: 'Reception' }).click();
  await onItsWay.promise;
  await expect(page).toHaveURL(/#\/reception$/);
  await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
  expect(await forbidden.isVisible()).toBe(true);
  arrive.resolve();
  await expect(page.getByRole('heading', { level: 1, name: 'Reception' })).toBeVisible();
  expect(refused).toEqual([]);
});

test('the screen on the wall goes to its board, reaches no other place, and shows no names', async ({
  enter,
  clinic,
}) => {
  const { doctor, queueId, roomId, tokens } = await onlyWaiting(clinic, ['Farzana Wunderlich', 'Teodoro Quibuyen']);
  const heard: string[] = [];
  const page = await enter('board', { at: '/' });
  page.on('response', async (response) => {
    if (response.url().includes('/boards/')) heard.push(await response.text().catch(() => ''));
  });
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => heard.push(String(payload))));
  await page.reload();
  await expect(page).toHaveURL(/#\/board\//);
  await doctor.queues.callNext({ id: queueId, roomId });
  await expect(page.locator('.board-call')).toContainText(tokens[0] as string);
  await expect(page.locator('.board-queue').filter({ hasText: 'General' })).toContainText(tokens[1] as string);
  const told = `${heard.join('\n')}\n${await page.content()}`;
  expect(heard.join('')).toContain(tokens[0]);
  for (const word of ['Farzana', 'Wunderlich', 'Teodoro', 'Quibuyen']) expect(told).not.toContain(word);

  for (const place of ['/admin', '/reception', '/doctor']) {
    await page.goto(`/#${place}`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(
      'Your account may not do this. Ask an administrator if you need to.',
    );
  }
});

test('a sign-in survives a reload, and the place stays the same', async ({ enter }) => {
  const page = await enter('admin');
  await page.getByRole('link', { name: 'Users' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Users' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'Users' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('button', { name: 'Amna Farooq' })).toBeVisible();
  const second = await page.context().newPage();
  await second.goto('/#/admin/audit');
  await expect(second.getByRole('heading', { level: 1, name: 'Audit' })).toBeVisible();
});

test('after signing out nothing is left on this screen, and Back does not bring it back', async ({ enter }) => {
  const page = await enter('reception');
  await expect(page.getByRole('region', { name: 'Today' }).getByRole('row').nth(1)).toBeVisible();
  await page.getByRole('button', { name: 'Rosa Dizon' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(nameField(page)).toBeFocused();
  await expect(page.getByRole('table')).toHaveCount(0);
  await page.goBack();
  await page.goto('/#/reception');
  await page.reload();
  await expect(nameField(page)).toBeVisible();
  await expect(page.getByRole('table')).toHaveCount(0);
});

test('someone whose account is switched off is told at once, and goes on where they were afterwards', async ({
  enter,
  clinic,
}) => {
  const admin = await clinic.api('admin');
  const page = await enter('reception2');
  const [user] = (await admin.users.list({ q: 'reception2' })).items;
  await admin.users.update({ id: user?.id as string, active: false });
  await expect(page.getByText('You have been signed out. Sign in again to go on where you were.')).toBeVisible();
  await admin.users.update({ id: user?.id as string, active: true });
  await signIn(page, 'reception2', clinic.password);
  await expect(page.getByRole('heading', { level: 1, name: 'Reception' })).toBeVisible();
});

test('a person changes their own password', async ({ enter, visitor, clinic }) => {
  const page = await enter('nurse');
  await page.getByRole('button', { name: 'Priya Nair' }).click();
  await page.getByRole('menuitem', { name: 'Change password' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change password' });
  await dialog.getByLabel('Current password').fill('not this one');
  await dialog.getByLabel('New password').fill('rain on tin roof 7');
  await dialog.getByLabel('Password again').fill('rain on tin roof 7');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText('The name or the password is not right.')).toBeVisible();
  await dialog.getByLabel('Current password').fill(clinic.password);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Your password is changed.')).toBeVisible();
  const other = await visitor();
  await signIn(other, 'nurse', 'rain on tin roof 7');
});

test('whoever forgot the password chooses a new one with a code that an administrator gives', async ({
  enter,
  visitor,
}) => {
  const admin = await enter('admin', { at: '/admin/users' });
  await admin.getByRole('button', { name: 'More for nurse' }).click();
  await admin.getByRole('menuitem', { name: 'New password' }).click();
  await admin.getByRole('button', { name: 'Give a one-time code' }).click();
  const code = await admin.locator('.app-key').innerText();
  expect(code).toMatch(/^[0-9A-Z]{5}-[0-9A-Z]{5}$/);

  const page = await visitor();
  await page.getByRole('button', { name: 'Forgotten password?' }).click();
  await expect(nameField(page)).toBeFocused();
  await nameField(page).fill('Nurse');
  await page.getByLabel('Code', { exact: true }).fill('wrong');
  await page.getByLabel('New password', { exact: true }).fill('nurse nurse nurse');
  await page.getByLabel('Password again').fill('gulab jamun at 12');
  await page.keyboard.press('Enter');
  await expect(page.getByText('The two passwords are not the same.')).toBeVisible();
  await page.getByLabel('New password', { exact: true }).fill('gulab jamun at 12');
  await page.keyboard.press('Enter');
  await expect(page.getByText('This code is not right, or it was used already.')).toBeVisible();
  await page.getByLabel('Code', { exact: true }).fill(code);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status')).toHaveText('Your password is changed. Sign in with it.');
  await expect(nameField(page)).toHaveValue('Nurse');
  await signIn(page, 'nurse', 'gulab jamun at 12');
  await expect(page.getByRole('button', { name: 'Priya Nair' })).toBeVisible();
});

test('two people share a desk: each takes over with a PIN, and sees nothing of the other', async ({
  visitor,
  clinic,
}) => {
  const page = await visitor();
  await signIn(page, 'doctor2', clinic.password);
  await page.getByRole('button', { name: 'Dr. Ramon Cruz' }).click();
  await page.getByRole('menuitem', { name: 'My PIN' }).click();
  const dialog = page.getByRole('dialog', { name: 'My PIN' });
  await dialog.getByLabel('Password', { exact: true }).fill(clinic.password);
  await dialog.getByLabel('New PIN').fill('1234');
  await dialog.getByLabel('PIN again').fill('1234');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByLabel('New PIN')).toHaveAttribute('aria-invalid', 'true');
  await dialog.getByLabel('New PIN').fill('2580');
  await dialog.getByLabel('PIN again').fill('2580');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Your PIN is changed.')).toBeVisible();

  // The receptionist takes over with a password, the doctor comes back by keys alone.
  await page.keyboard.press('Alt+l');
  await page.getByRole('button', { name: 'Sign in with a password' }).click();
  await signIn(page, 'reception', clinic.password);
  await expect(page.getByRole('region', { name: 'Today' }).getByRole('row').nth(1)).toBeVisible();
  await page.keyboard.press('Alt+l');
  await expect(page.getByLabel('PIN of Dr. Ramon Cruz')).toBeFocused();
  await page.keyboard.type('0000');
  await page.keyboard.press('Enter');
  await expect(page.getByText('That PIN is not right.')).toBeVisible();
  await page.keyboard.type('2580');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Dr. Ramon Cruz' })).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Places' }).getByRole('link')).toHaveText(['Consulting room']);
  await expect(page.getByRole('region', { name: 'Today' })).toHaveCount(0);
});
