import { expect, type Page, test } from './support/test.ts';

// The guides come from the clinic's own server, with their pictures, and lead to one another.

const pagesOf = (page: Page) => page.getByRole('navigation', { name: 'Guides' }).getByRole('link');
const brokenPictures = (page: Page) =>
  page.evaluate(async () => {
    const pictures = [...document.images];
    for (const picture of pictures) picture.loading = 'eager';
    await Promise.all(pictures.map((picture) => picture.decode().catch(() => undefined)));
    return pictures.filter(({ naturalWidth }) => naturalWidth === 0).map(({ src }) => src);
  });
const lostPlaces = (page: Page) =>
  page.evaluate(async () => {
    const lost: string[] = [];
    for (const { href, hash } of document.querySelectorAll('a')) {
      const text = await (await fetch(href)).text();
      if (
        new URL(href).origin !== location.origin ||
        (hash && !text.includes(`id="${decodeURIComponent(hash).slice(1)}"`))
      )
        lost.push(href);
    }
    return lost;
  });

test('whoever works here opens the guides from the menu, and from the keys’ dialog', async ({ enter }) => {
  const page = await enter('reception');
  await page.getByRole('button', { name: 'Rosa Dizon' }).click();
  const [guides] = await Promise.all([
    page.waitForEvent('popup'),
    page.getByRole('menuitem', { name: 'Guides' }).click(),
  ]);
  await expect(guides.getByRole('heading', { level: 1 })).toHaveText('Guides');
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog').getByRole('link', { name: 'Guides' })).toHaveAttribute('target', '_blank');

  await expect(pagesOf(guides)).toHaveCount(4);
  const hosts = new Set<string>();
  guides.on('request', (request) => hosts.add(new URL(request.url()).host));
  for (const at of [0, 1, 2, 3]) {
    await pagesOf(guides).nth(at).click();
    await expect(pagesOf(guides).nth(at)).toHaveAttribute('aria-current', 'page');
    expect(await guides.getByRole('img').count()).toBeGreaterThan(3);
    expect(await brokenPictures(guides)).toEqual([]);
    expect(await lostPlaces(guides)).toEqual([]);
  }
  expect([...hosts]).toEqual([new URL(page.url()).host]);
});
