import { createReadStream } from 'node:fs';
import { verifyAudit } from '../../server/audit/verify-file.ts';
import { expect, test } from './support/test.ts';

test('an export says how far it is, is stopped without leaving a file, and comes whole the next time', async ({
  enter,
}, testInfo) => {
  const page = await enter('admin', { at: '/admin/audit' });
  const kept: string[] = [];
  page.on('download', (download) => kept.push(download.suggestedFilename()));
  const line = await page.context().newCDPSession(page);
  const speed = (downloadThroughput: number) =>
    line.send('Network.emulateNetworkConditions', {
      ...{ offline: false, latency: 0, uploadThroughput: -1, downloadThroughput },
    });

  // A network on which the file takes minutes.
  await speed(20_000);
  await page.getByRole('button', { name: 'Export CSV' }).click();
  const progress = page.getByRole('progressbar', { name: 'Export of the audit log' });
  await expect(progress).toBeVisible();
  await expect(page.getByText(/^[1-9][\d,]* of [\d,]+$/)).toBeVisible();
  // It goes on while one looks at something else.
  await page.getByRole('link', { name: 'Users' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Users' })).toBeVisible();
  await page.getByRole('link', { name: 'Audit' }).click();
  await expect(page.getByRole('button', { name: 'Export JSON' })).toBeDisabled();
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByText('The export was stopped. No file was kept.')).toBeVisible();
  await expect(progress).toHaveCount(0);
  expect(kept).toEqual([]);

  await speed(-1);
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export CSV' }).click();
  const file = testInfo.outputPath('audit.csv');
  await (await downloading).saveAs(file);
  await expect(page.getByText('The export is saved')).toBeVisible();
  expect(await verifyAudit(createReadStream(file), {})).toMatchObject({ whole: true });
});

test('an export that breaks off leaves no file, and says so', async ({ enter }) => {
  const page = await enter('admin', { at: '/admin/audit' });
  const kept: string[] = [];
  page.on('download', (download) => kept.push(download.suggestedFilename()));
  const line = await page.context().newCDPSession(page);
  await line.send('Network.emulateNetworkConditions', {
    ...{ offline: false, latency: 0, uploadThroughput: -1, downloadThroughput: 20_000 },
  });
  await page.getByRole('button', { name: 'Export JSON' }).click();
  await expect(page.getByText(/^[1-9][\d,]* of [\d,]+$/)).toBeVisible();
  await line.send('Network.emulateNetworkConditions', {
    ...{ offline: true, latency: 0, uploadThroughput: -1, downloadThroughput: -1 },
  });
  await expect(page.getByRole('alert')).toContainText(/server/i);
  await expect(page.getByRole('progressbar', { name: 'Export of the audit log' })).toHaveCount(0);
  expect(kept).toEqual([]);
});
