import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, test } from '@playwright/test';
import { io } from 'socket.io-client';
import { answerQuestions, clickMenu, isAlive, launchDesktop } from './launch.ts';

/** This computer's address in the network, by which it looks like another one. */
const own = Object.values(networkInterfaces())
  .flat()
  .find((one) => one?.family === 'IPv4' && !one.internal)?.address;

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Another desk, as the server sees one: signed in, and listening through the door for the network. */
async function otherDesk(local: string, door: string) {
  const answer = await fetch(`${local}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ identifier: 'reception', password: 'try-the-clinic', delivery: 'body' }),
  });
  const { data } = (await answer.json()) as { data: { accessToken: string; user: { name: string } } };
  const socket = io(door, {
    path: '/api/v1/live',
    transports: ['websocket'],
    auth: { token: data.accessToken, desk: 'RECEPTION-2' },
    rejectUnauthorized: false,
  });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('connect_error', reject));
  return { name: data.user.name, leave: () => socket.disconnect() };
}

test('names the screens that would lose the server, and stays open when the answer is no', async () => {
  if (!own) throw new Error('This computer has no network, so that no other desk can be connected.');
  const port = await freePort();
  const desktop = await launchDesktop({ args: [`--lan=${port}`] });
  const { app, server } = desktop;
  const desk = await otherDesk(server().url, `https://${own}:${port}`);
  try {
    const asked = await answerQuestions(app, 'Cancel');
    await clickMenu(app, 'quit');
    await expect.poll(async () => (await asked()).length).toBe(1);
    const [question] = await asked();
    expect(question?.message).toBe('1 other screen is connected to this computer.');
    expect(question?.detail).toContain(`${desk.name} (RECEPTION-2)`);
    expect(question?.buttons).toEqual(['Quit', 'Cancel']);
    expect(isAlive(server().pid)).toBe(true);
  } finally {
    const { pid } = server();
    await answerQuestions(app, 'Quit');
    await desktop.close();
    await expect.poll(() => isAlive(pid)).toBe(false);
    desk.leave();
  }
});
