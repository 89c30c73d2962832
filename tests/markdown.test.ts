import { expect, it } from 'vitest';
import { toHtml } from '../tools/markdown.ts';

const html = (text: string) => toHtml(text, (target) => (target.startsWith('no') ? null : target));

it.each([
  ['# A b’s C', '<h1 id="a-bs-c">A b’s C</h1>'],
  ['One\ntwo **three** *four*.', '<p>One\ntwo <b>three</b> <em>four</em>.</p>'],
  ['`a <b> **c**` & <i>', '<p><code>a &lt;b&gt; **c**</code> &amp; &lt;i&gt;</p>'],
  ['<kbd>Ctrl</kbd>', '<p><kbd>Ctrl</kbd></p>'],
  ['[a](b.html) and [c](no)', '<p><a href="b.html">a</a> and c</p>'],
  ['![It’s "x"](p.png)', '<p><img src="p.png" alt="It’s &quot;x&quot;" loading="lazy"></p>'],
  ['- a\n- b', '<ul>\n<li>a</li>\n<li>b</li>\n</ul>'],
  [
    '1. a\n\n   ![p](p.png)\n2. b',
    '<ol>\n<li><p>a</p>\n<p><img src="p.png" alt="p" loading="lazy"></p></li>\n<li>b</li>\n</ol>',
  ],
  ['    npm start\n    <x>', '<pre><code>npm start\n&lt;x&gt;</code></pre>'],
  [
    '| A | |\n|---|---|\n| `b` | c |',
    '<table><thead><tr><th>A</th><th></th></tr></thead><tbody>\n<tr><td><code>b</code></td><td>c</td></tr>\n</tbody></table>',
  ],
])('makes a page of %j', (text, made) => {
  expect(html(text)).toBe(made);
});
