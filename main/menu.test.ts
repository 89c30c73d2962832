import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { desktopCalls } from '../contract/desktop.ts';
import { menuTemplate } from './menu.ts';
import { createTexts } from './texts.ts';

const root = path.join(import.meta.dirname, '..');
const translations = path.join(root, 'resources/translations');
const act = new Proxy({} as Parameters<typeof menuTemplate>[0]['act'], { get: () => vi.fn() });
const { t } = createTexts(translations, 'en', 'en');
const flat = (items: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
  items.flatMap((item) => [item, ...flat((item.submenu ?? []) as MenuItemConstructorOptions[])]);
const menus = [false, true].map((mac) => flat(menuTemplate({ t, mac, kiosk: false, guides: true, act })));

/** Every key that a screen listens to, in the form of the renderer's own declarations. */
function screenKeys(folder = path.join(root, 'renderer')): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return screenKeys(file);
    if (!/\.tsx?$/.test(entry.name)) return [];
    return [...readFileSync(file, 'utf8').matchAll(/keys: '([^']+)'/g)].map((match) => match[1] as string);
  });
}
const asScreenKey = (accelerator: string) =>
  accelerator
    .replace(/CmdOrCtrl|Cmd/g, 'ctrl')
    .toLowerCase()
    .replace('ctrl+ctrl', 'ctrl');

describe('the menu', () => {
  it('takes no key away from a screen', () => {
    const screens = screenKeys();
    const own = menus.flat().flatMap(({ accelerator }) => (accelerator ? [asScreenKey(accelerator)] : []));
    expect([screens.includes('ctrl+k'), screens.length > 10, own.includes('f11')]).toEqual([true, true, true]);
    expect(own.filter((key) => screens.includes(key))).toEqual([]);
  });

  it('has no key that throws away what somebody typed', () => {
    const elsewhere = menus[0]?.flatMap(({ accelerator }) => (accelerator ? [accelerator] : []));
    for (const key of ['CmdOrCtrl+R', 'F5', 'CmdOrCtrl+W', 'CmdOrCtrl+Q', 'Alt+F4'])
      expect(elsewhere).not.toContain(key);
  });

  it('uses no key twice, and names every item', () => {
    for (const items of menus) {
      const keys = items.flatMap(({ accelerator }) => (accelerator ? [accelerator] : []));
      expect(new Set(keys).size).toBe(keys.length);
      for (const { label, type } of items) if (type !== 'separator') expect(label).toMatch(/\S/);
    }
  });

  it('speaks every language that the screens speak', () => {
    const labels = (language: string) => {
      const texts = createTexts(translations, language, 'en');
      return flat(menuTemplate({ t: texts.t, mac: false, kiosk: false, guides: true, act })).map(({ label }) => label);
    };
    const english = labels('en');
    expect(english.some((label) => label?.startsWith('desktop.'))).toBe(false);
    const others = readdirSync(translations).flatMap((file) => /^(?!en)(\w+)\.json$/.exec(file)?.[1] ?? []);
    expect(others.length).toBeGreaterThan(0);
    for (const other of others) expect(labels(other)[0]).not.toBe(english[0]);
  });

  it('offers the guides only where there are some', () => {
    const ids = (guides: boolean) =>
      flat(menuTemplate({ t, mac: false, kiosk: false, guides, act })).map(({ id }) => id);
    expect([ids(true).includes('documentation'), ids(false).includes('documentation')]).toEqual([true, false]);
  });

  it('of a board on the wall is one key, which asks', () => {
    const items = flat(menuTemplate({ t, mac: false, kiosk: true, guides: true, act }));
    expect(items.flatMap(({ accelerator }) => accelerator ?? [])).toEqual(['CmdOrCtrl+Q']);
  });
});

describe('the words outside of the pages', () => {
  it('are there for every key that is used', () => {
    const sources = readdirSync(import.meta.dirname).filter((file) => /\.ts$/.test(file) && !/\.test\.ts$/.test(file));
    const text = sources.map((file) => readFileSync(path.join(import.meta.dirname, file), 'utf8')).join('\n');
    const keys = [...text.matchAll(/'((?:desktop|common)(?:\.\w+)+)'/g)].map((match) => match[1] as string);
    const questions = [...text.matchAll(/ask\(\{\s*key: '(\w+)'/g)].map((match) => `desktop.${match[1]}.message`);
    const buttons = [...text.matchAll(/buttons: \[([^\]]+)\]/g)]
      .flatMap((match) => [...(match[1] as string).matchAll(/'(\w+)'/g)])
      .map((match) => `desktop.button.${match[1]}`);
    expect([keys.length > 5, questions.length > 5, buttons.length > 10]).toEqual([true, true, true]);
    const used = [...new Set([...keys, ...questions, ...buttons])].filter((key) => !(key in desktopCalls));
    expect(used.filter((key) => t(key, { count: 2 }) === key)).toEqual([]);
  });

  it('follow the language asked for, else the system’s, else English', () => {
    expect(createTexts(translations, 'ur', 'en-GB').language()).toBe('ur');
    expect(createTexts(translations, null, 'ur-PK').language()).toBe('ur');
    expect(createTexts(translations, 'xx', 'yy').language()).toBe('en');
    const texts = createTexts(translations, null, 'en');
    expect([texts.use('ur'), texts.direction(), texts.use('../en'), texts.language()]).toEqual([
      true,
      'rtl',
      false,
      'ur',
    ]);
  });

  it('count', () => {
    expect(t('desktop.quit.message', { count: 1 })).toContain('1 other screen is');
    expect(t('desktop.quit.message', { count: 3 })).toContain('3 other screens are');
  });
});
