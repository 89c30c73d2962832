import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { createAwake } from './awake.ts';
import { openDesk } from './desk.ts';
import { nameDesks } from './desks.ts';
import { desktopEntry, startAtLogin } from './login-item.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'medlane-desk-'));
afterAll(() => rmSync(folder, { recursive: true }));
const fresh = { language: null, zoom: 0, window: null, kiosk: null };

it('remembers across starts what was changed', () => {
  const file = path.join(folder, 'new', 'desk.json');
  openDesk(file).change({ language: 'ur' });
  openDesk(file).change({ kiosk: { boardId: null } });
  expect(openDesk(file).get()).toEqual({ ...fresh, language: 'ur', kiosk: { boardId: null } });
});

it.each(['', 'null', '[]', '{"zoom":"big","window":{"x":1},"kiosk":7,"language":"ur"', '\0\0\0'])(
  'starts afresh from a broken file: %j',
  (text) => {
    const file = path.join(folder, 'broken.json');
    writeFileSync(file, text);
    expect(openDesk(file).get()).toEqual(fresh);
  },
);

it('keeps of a file what can be read', () => {
  const file = path.join(folder, 'half.json');
  writeFileSync(file, '{"zoom":99,"window":{"x":1},"language":"ur","later":true}');
  expect(openDesk(file).get()).toEqual({ ...fresh, language: 'ur' });
});

it('goes on where it cannot write', () => {
  writeFileSync(path.join(folder, 'file'), '');
  const desk = openDesk(path.join(folder, 'file', 'desk.json'));
  desk.change({ zoom: 2 });
  expect(desk.get().zoom).toBe(2);
});

it('keeps awake once, and lets go', () => {
  const start = vi.fn((_kind: string) => 5);
  const stop = vi.fn((_id: number) => true);
  const awake = createAwake({ start, stop });
  awake.keep('computer', false);
  awake.keep('computer', true);
  awake.keep('computer', true);
  awake.keep('display', true);
  awake.keep('computer', false);
  expect(start.mock.calls).toEqual([['prevent-app-suspension'], ['prevent-display-sleep']]);
  expect(stop.mock.calls).toEqual([[5]]);
});

it('names the desks that would lose the server, and counts those that do not fit', () => {
  const desk = (name: string, place: string) => ({ name, place, here: false, since: '2026-01-01T00:00:00.000Z' });
  const more = (count: number) => `and ${count} more`;
  const two = [desk('Rosa Diaz', 'RECEPTION-1'), desk('Board', '')];
  expect(nameDesks(two, more, ', ')).toBe('Rosa Diaz (RECEPTION-1), Board');
  const many = Array.from({ length: 11 }, (_, at) => desk(`Desk ${at}`, ''));
  expect(nameDesks(many, more, ', ')).toMatch(/^Desk 0, .*Desk 7, and 3 more$/);
});

it('starts at login as each system wants it', () => {
  const setLoginItemSettings = vi.fn();
  const app = { isPackaged: true, getPath: () => '/opt/Medlane/medlane', setLoginItemSettings } as never;
  startAtLogin({ app, platform: 'win32', env: {} }, true);
  expect(setLoginItemSettings).toHaveBeenCalledExactlyOnceWith({ openAtLogin: true, args: [] });
  const linux = { app, platform: 'linux' as const, env: { XDG_CONFIG_HOME: folder } };
  const file = path.join(folder, 'autostart', 'medlane.desktop');
  startAtLogin(linux, true);
  expect(readFileSync(file, 'utf8')).toContain('\nExec="/opt/Medlane/medlane"\n');
  startAtLogin({ ...linux, env: { ...linux.env, APPIMAGE: '/home/r/Medlane 1.AppImage' } }, true);
  expect(readFileSync(file, 'utf8')).toContain('\nExec="/home/r/Medlane 1.AppImage"\n');
  startAtLogin(linux, false);
  startAtLogin(linux, false);
  expect(() => readFileSync(file)).toThrow('ENOENT');
  expect(desktopEntry(['/a "b" $c`', '100%'])).toContain('Exec="/a \\"b\\" \\$c\\`" "100%%"');
});
