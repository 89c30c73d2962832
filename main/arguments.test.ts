import { expect, it } from 'vitest';
import { readArguments } from './arguments.ts';

it('reads its arguments wherever they stand among Chromium’s', () => {
  const own = ['--data', '/clinic', '--demo', '--port', '7000', '--lan', '--stations=7500', '--kiosk=0198-c0de'];
  expect(readArguments(['electron', '--inspect=0', '/app', '--user-data-dir=/u', ...own])).toEqual({
    data: '/clinic',
    demo: true,
    port: 7000,
    doors: { lan: true, stations: 7500 },
    server: undefined,
    kiosk: '0198-c0de',
    link: null,
  });
  const none = { data: undefined, demo: false, port: 0, doors: {}, server: undefined, kiosk: undefined, link: null };
  expect(readArguments(['electron'])).toEqual(none);
});

it('a flag that may stand alone takes nothing of what follows it', () => {
  const read = readArguments(['electron', '--kiosk', '--data', '/clinic', '--waiting-room', '--demo']);
  expect(read).toMatchObject({ kiosk: '', data: '/clinic', doors: { 'waiting-room': true }, demo: true });
});

it('takes no port that is none, no board that is none, and no server that would send records in the clear', () => {
  const taking = (...args: string[]) => readArguments(['e', ...args]);
  expect(() => taking('--port', 'x')).toThrow('--port');
  expect(() => taking('--lan=70000')).toThrow('--lan');
  expect(() => taking('--kiosk=../x')).toThrow('--kiosk');
  expect(() => taking('--server', 'http://192.168.1.5:7420')).toThrow('https');
  expect(taking('--server', 'https://clinic.lan:7444/x').server).toBe('https://clinic.lan:7444');
  expect(taking('--server', 'http://127.0.0.1:7420').server).toBe('http://127.0.0.1:7420');
});

it('a link brings no arguments with it', () => {
  const read = readArguments([
    'e',
    '--demo',
    'medlane://board/x',
    '--server=https://evil.example',
    '--data',
    '/theirs',
  ]);
  expect(read).toMatchObject({ demo: true, server: undefined, data: undefined, link: 'medlane://board/x' });
});
