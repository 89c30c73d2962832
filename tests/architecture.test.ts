import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './support/process.ts';

/** Product files, without tests. */
function filesOf(folder: string): string[] {
  return readdirSync(path.join(root, folder)).flatMap((name) => {
    const file = `${folder}/${name}`;
    if (statSync(path.join(root, file)).isDirectory()) return filesOf(file);
    return /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name) ? [file] : [];
  });
}

const PRODUCT = ['domain', 'contract', 'paper', 'server', 'main', 'preload', 'renderer'].flatMap(filesOf);

/** What a file may take from the world only at the edge, where the product is put together. */
const RULES: { what: string; pattern: RegExp; allowed: RegExp }[] = [
  {
    what: 'the clock',
    pattern: /Date\.now\(|new Date\(\)|performance\.now\(/,
    allowed: /^(server\/ports\.ts|renderer\/clock\.ts|main\/(main|clock)\.ts)$/,
  },
  { what: 'chance', pattern: /Math\.random\(|randomUUID\(/, allowed: /^server\/ports\.ts$/ },
  {
    what: 'timers',
    pattern: /\b(setTimeout|setInterval|setImmediate)\(/,
    allowed: /^(server\/(ports|cli\/output)\.ts|renderer\/|main\/)/,
  },
  { what: 'the way out', pattern: /process\.exit\(/, allowed: /^(server\/(ports\.ts|cli\/)|main\/)/ },
  { what: 'the raw IPC', pattern: /ipcMain/, allowed: /^main\/ipc\.ts$/ },
  { what: 'the PDF library', pattern: /['"]pdfkit['"]/, allowed: /^paper\/page\.ts$/ },
  { what: 'the keychain', pattern: /['"]keytar['"]/, allowed: /^main\/keychain\.ts$/ },
];

describe('the architecture', () => {
  it('has product files to look at', () => {
    expect(PRODUCT.length).toBeGreaterThan(100);
  });

  it.each(RULES)('takes $what only where the product is put together', ({ pattern, allowed }) => {
    const strangers = PRODUCT.filter((file) => !allowed.test(file) && pattern.test(code(file)));
    expect(strangers).toEqual([]);
  });

  it('keeps hand-written SQL behind the store', () => {
    const outside = PRODUCT.filter((file) => /\.raw[<(]/.test(code(file)) && !/^server\/(db|backup)\//.test(file));
    expect(outside).toEqual([]);
  });
});

/** A file without its comments: what it says about a thing is not the thing. */
const code = (file: string): string =>
  readFileSync(path.join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, '');
