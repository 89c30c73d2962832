import { createReadStream } from 'node:fs';
import { verifyAudit } from '../../server/audit/verify-file.ts';
import { expect, type Page, test } from './support/test.ts';

/** A network on which the file takes half a minute; and what it is otherwise. */
async function lineOf(page: Page) {
  const line = await page.context().newCDPSession(page);
  const be = (downloadThroughput: number) =>
    line.send('Network.emulateNetworkConditions', {
      ...{ offline: false, latency: 0, uploadThroughput: -1, downloadThroughput },
    });
  return { slow: () => be(20_000), fast: () => be(-1) };
}

test('an export says how far it is, is stopped without leaving a file, and comes whole the next time', async ({
  enter,
  clinic,
}, testInfo) => {
  const admin = await clinic.api('admin');
  await Promise.all(Array.from({ length: 600 }, (_, n) => admin.settings.update({ rollOverHour: n % 2 })));
  const page = await enter('admin', { at: '/admin/audit' });
  const kept: string[] = [];
  page.on('download', (download) => kept.push(download.suggestedFilename()));
  const line = await lineOf(page);
  const progress = page.getByRole('progressbar', { name: 'Export of the audit log' });

  await line.slow();
  await page.getByRole('button', { name: 'Export CSV' }).click();
  await expect(progress).toBeVisible();
  await expect(page.getByText(/^[1-9][\d,]* of [\d,]+$/)).toBeVisible();
  // It goes on while one looks at something else.
  await page.getByRole('link', { name: 'Boards' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Boards' })).toBeVisible();
  await page.getByRole('link', { name: 'Audit' }).click();
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByText('The export was stopped. No file was kept.')).toBeVisible();
  await expect(progress).toHaveCount(0);
  expect(kept).toEqual([]);

  await line.fast();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export CSV' }).click();
  const file = testInfo.outputPath('audit.csv');
  await (await downloading).saveAs(file);
  await expect(page.getByText('The export is saved')).toBeVisible();
  expect(await verifyAudit(createReadStream(file), {})).toMatchObject({ whole: true });
});
