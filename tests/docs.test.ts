import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './support/process.ts';

const documents = [
  'README.md',
  ...readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];
const textOf = (document: string) => readFileSync(path.join(root, document), 'utf8');

/** Where a document points within the project: the file, and the heading in it. */
const linksOf = (document: string) =>
  [...textOf(document).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [file = '', heading = ''] = target.split('#');
      return { target, file: file ? path.join(path.dirname(document), file) : document, heading };
    });

/** As GitHub names the place of a heading. */
const anchorsOf = (document: string) =>
  [...textOf(document).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

/** Everything that the screens say, as patterns: what stands for a fact may be anything. */
const said = (() => {
  const texts: string[] = [];
  JSON.parse(readFileSync(path.join(root, 'resources/translations/en.json'), 'utf8'), (_, value) => {
    // A text that is nothing but facts would fit everything.
    if (typeof value === 'string' && /\p{L}{2}/u.test(value.replace(/\{\{\w+\}\}/g, '')))
      texts.push(value.replace(/^· /, ''));
    return value;
  });
  const literally = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return texts.map(
    (text) =>
      new RegExp(
        `^${text
          .split(/\{\{\w+\}\}/)
          .map(literally)
          .join('.*')}$`,
      ),
  );
})();

describe('the documents', () => {
  it.each(documents)('%s leads nowhere that is not there', (document) => {
    const broken = linksOf(document).filter(
      ({ file, heading }) =>
        !existsSync(path.join(root, file)) || (heading !== '' && !anchorsOf(file).includes(heading)),
    );
    expect(broken).toEqual([]);
  });

  it('use every picture there is', () => {
    const shown = new Set(documents.flatMap(linksOf).map(({ file }) => file));
    const pictures = readdirSync(path.join(root, 'docs/pictures')).map((name) => `docs/pictures/${name}`);
    expect(pictures.length).toBeGreaterThan(20);
    expect(pictures.filter((picture) => !shown.has(picture))).toEqual([]);
  });

  const guides = documents.filter((document) => document.startsWith('docs/guides/'));
  it.each(guides)('%s names buttons as they are on the screen', (guide) => {
    const named = [...textOf(guide).matchAll(/\*\*([^*]+)\*\*/g)].map(([, name = '']) => name.replace(/\s+/g, ' '));
    expect(named.length).toBeGreaterThan(5);
    const own = ['bold', '···'];
    expect(named.filter((name) => !own.includes(name) && !said.some((text) => text.test(name)))).toEqual([]);
  });
});
