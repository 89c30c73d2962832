import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from '@playwright/test';
import { clickUntil, openContext } from './page.ts';

/** The least that a screen can be: a field, a button that asks the server, a word when it has answered. */
const PAGE = `<!doctype html><title>Bare</title><input autofocus><button>Ask</button>
<script>
document.querySelector('button').onclick = async () => {
  document.querySelector('p')?.remove();
  const answer = await fetch('/', { method: 'POST' });
  document.body.append(Object.assign(document.createElement('p'), { textContent: await answer.text() }));
};
</script>`;

/** From a server that does nothing else. */
export async function bareScreen(): Promise<{ url: string; close: () => void }> {
  const server = http.createServer(({ method }, response) => {
    if (method === 'POST') response.end('Saved');
    else response.setHeader('Content-Type', 'text/html').end(PAGE);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** What a click costs in this browser when nothing is behind it but one request. */
export async function bareClicks(browser: Browser, count: number): Promise<number[]> {
  const bare = await bareScreen();
  const context = await openContext(browser);
  const page = await context.newPage();
  await page.goto(bare.url);
  const took: number[] = [];
  for (let left = count; left > 0; left -= 1) {
    took.push(await clickUntil(page, { selector: 'p', there: true }, () => page.getByRole('button').click()));
    await page.evaluate(() => document.querySelector('p')?.remove());
  }
  await context.close();
  bare.close();
  return took;
}
