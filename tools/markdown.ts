/** Where a link or a picture of a document leads on the page made of it; null for one that has no place there. */
export type Address = (target: string) => string | null;

/** A document's parts: as much of Markdown as the guides are written in, and no more. */
export function toHtml(text: string, address: Address): string {
  return blocks(text.split('\n'), address);
}

/** As GitHub names the place of a heading. */
export const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const HEADING = /^(#{1,4}) (.+)$/;
const ITEM = /^(?:(-)|\d+\.) (.*)$/;

function blocks(lines: readonly string[], address: Address): string {
  const made: string[] = [];
  let at = 0;
  const line = () => lines[at] ?? '';
  /** Takes lines for as long as they belong together. */
  const take = (belongs: (one: string) => boolean): string[] => {
    const begun = at;
    while (at < lines.length && belongs(line())) at += 1;
    return lines.slice(begun, at);
  };
  while (at < lines.length) {
    const heading = HEADING.exec(line());
    const item = ITEM.exec(line());
    if (line().trim() === '') at += 1;
    else if (heading) {
      const [, { length } = '', title = ''] = heading;
      made.push(`<h${length} id="${anchorOf(title)}">${inLine(title, address)}</h${length}>`);
      at += 1;
    } else if (item)
      made.push(
        list(
          take((one) => ITEM.test(one) || /^ |^$/.test(one)),
          address,
        ),
      );
    else if (line().startsWith('|'))
      made.push(
        table(
          take((one) => one.startsWith('|')),
          address,
        ),
      );
    else if (line().startsWith('    ')) {
      const code = take((one) => /^ {4}|^$/.test(one)).map((one) => one.slice(4));
      made.push(`<pre><code>${escaped(code.join('\n').trimEnd())}</code></pre>`);
    } else {
      const said = take((one) => one.trim() !== '' && !HEADING.test(one) && !ITEM.test(one) && !one.startsWith('|'));
      made.push(`<p>${inLine(said.join('\n'), address)}</p>`);
    }
  }
  return made.join('\n');
}

/** Items of one list; what is indented below an item belongs to it. */
function list(lines: readonly string[], address: Address): string {
  const items: string[][] = [];
  for (const line of lines) {
    const [, , first] = ITEM.exec(line) ?? [];
    if (first === undefined) items.at(-1)?.push(line.replace(/^ {1,3}/, ''));
    else items.push([first]);
  }
  const kind = lines[0]?.startsWith('-') ? 'ul' : 'ol';
  const [, begin = '1'] = /^(\d+)\./.exec(lines[0] ?? '') ?? [];
  const start = kind === 'ol' && begin !== '1' ? ` start="${begin}"` : '';
  const made = items.map((item) => {
    const html = blocks(item, address);
    // One paragraph alone needs no distance of its own.
    return `<li>${isOneParagraph(html) ? html.slice(3, -4) : html}</li>`;
  });
  return `<${kind}${start}>\n${made.join('\n')}\n</${kind}>`;
}

const isOneParagraph = (html: string) => html.startsWith('<p>') && html.indexOf('</p>') === html.length - 4;

function table(lines: readonly string[], address: Address): string {
  const row = (line: string, cell: string) =>
    `<tr>${line
      .slice(1, line.lastIndexOf('|'))
      .split('|')
      .map((text) => `<${cell}>${inLine(text.trim(), address)}</${cell}>`)
      .join('')}</tr>`;
  const [head = '', , ...rows] = lines;
  const body = rows.map((line) => row(line, 'td')).join('\n');
  return `<table><thead>${row(head, 'th')}</thead><tbody>\n${body}\n</tbody></table>`;
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function inLine(text: string, address: Address): string {
  const [before = '', code, ...after] = text.split('`');
  if (code !== undefined)
    return `${inLine(before, address)}<code>${escaped(code)}</code>${inLine(after.join('`'), address)}`;
  return escaped(text)
    .replace(/&lt;(\/?)kbd&gt;/g, '<$1kbd>')
    .replace(/!\[([^\]]*)\]\(([^)]+)\)/g, (_, name: string, target: string) => {
      const source = address(target);
      return source === null ? '' : `<img src="${source}" alt="${name.replaceAll('"', '&quot;')}" loading="lazy">`;
    })
    .replace(/\[([^\]]+)\]\(([^)]+)\)/g, (_, name: string, target: string) => {
      const href = address(target);
      return href === null ? name : `<a href="${href}">${name}</a>`;
    })
    .replace(/\*\*([^*]+)\*\*/g, '<b>$1</b>')
    .replace(/\*([^*]+)\*/g, '<em>$1</em>');
}
