import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './bootstrap.mjs';
import { anchorOf, toHtml } from './markdown.ts';

/** In the order in which they are offered. */
const GUIDES = ['receptionist', 'doctor', 'administrator', 'installing'];
const from = path.join(root, 'docs/guides');
const textOf = (name: string) => readFileSync(path.join(from, `${name}.md`), 'utf8');
const titleOf = (text: string) => /^# (.+)$/m.exec(text)?.[1] ?? '';

/** Makes pages of the guides, with their pictures, that every computer of the clinic reads without the internet. */
export function buildGuides(folder: string): void {
  mkdirSync(path.join(folder, 'pictures'), { recursive: true });
  copyFileSync(path.join(root, 'tools/guides.css'), path.join(folder, 'guides.css'));
  copyFileSync(path.join(root, 'renderer/icon.svg'), path.join(folder, 'icon.svg'));
  const missing = readdirSync(from).filter((file) => !GUIDES.includes(path.basename(file, '.md')));
  if (missing.length > 0) throw new Error(`No page would lead to ${missing.join(', ')}.`);
  const pictures = new Set<string>();
  const address = (target: string): string | null => {
    const picture = /^\.\.\/pictures\/([\w-]+\.png)$/.exec(target)?.[1];
    if (picture) pictures.add(picture);
    if (picture) return `pictures/${picture}`;
    const [, name = '', place = ''] = /^(?:(\w+)\.md)?(#.+)?$/.exec(target) ?? [];
    // Papers for developers are not among the guides.
    if (name && !GUIDES.includes(name)) return null;
    return name || place ? `${name ? `${name}.html` : ''}${place}` : null;
  };
  const guides = GUIDES.map((name) => ({ name, text: textOf(name), title: titleOf(textOf(name)) }));
  const links = (here: string) =>
    guides
      .map(({ name, title }) => `<a href="${name}.html"${name === here ? ' aria-current="page"' : ''}>${title}</a>`)
      .join('\n');
  for (const { name, text, title } of guides)
    writeFileSync(path.join(folder, `${name}.html`), page(title, links(name), toHtml(text, address)));
  const chapters = guides.map(({ name, text, title }) => {
    const own = [...text.matchAll(/^## (.+)$/gm)].map(
      ([, chapter = '']) => `<li><a href="${name}.html#${anchorOf(chapter)}">${chapter}</a></li>`,
    );
    return `<section><h2><a href="${name}.html">${title}</a></h2><ul>\n${own.join('\n')}\n</ul></section>`;
  });
  const contents = `<h1>Guides</h1>\n<div class="contents">\n${chapters.join('\n')}\n</div>`;
  writeFileSync(path.join(folder, 'index.html'), page('Guides', links('index'), contents));
  for (const picture of pictures)
    copyFileSync(path.join(root, 'docs/pictures', picture), path.join(folder, 'pictures', picture));
}

const page = (title: string, links: string, body: string) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Medlane</title><link rel="icon" href="icon.svg"><link rel="stylesheet" href="guides.css"></head>
<body><header><a class="brand" href="index.html"><img src="icon.svg" alt="" width="28" height="28"> Medlane</a>
<nav aria-label="Guides">
${links}
</nav></header>
<main>
${body}
</main></body></html>
`;
