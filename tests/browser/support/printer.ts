import { spawnSync } from 'node:child_process';
import type { Page, Route } from '@playwright/test';

export type Printer = Readonly<{
  /** How many papers went to it. */
  printed: () => Promise<number>;
  off: (is: boolean) => Promise<void>;
}>;

/** The printer's dialog is the browser's own: the page gets a printer that counts, and may be off. Loads the page again. */
export async function givePrinter(page: Page): Promise<Printer> {
  await page.addInitScript(() => {
    const top = window.top as unknown as { printed?: number; printerOff?: boolean };
    window.print = () => {
      if (top.printerOff) throw new Error('The printer is off.');
      top.printed = (top.printed ?? 0) + 1;
    };
  });
  await page.reload();
  return {
    printed: () => page.evaluate(() => (window as unknown as { printed?: number }).printed ?? 0),
    off: async (is) => void (await page.evaluate((value) => Object.assign(window, { printerOff: value }), is)),
  };
}

/** Looks over the shoulder of the next paper of this kind: its text, once it came. */
export async function nextPaper(page: Page, path: RegExp): Promise<{ text: Promise<string> }> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const look = async (route: Route) => {
    const response = await route.fetch();
    const body = await response.body();
    resolve(spawnSync('pdftotext', ['-layout', '-', '-'], { input: body }).stdout.toString());
    await route.fulfill({ response, body });
  };
  await page.route(path, look, { times: 1 });
  return { text: promise };
}
