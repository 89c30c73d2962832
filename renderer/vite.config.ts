import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

type Node = Readonly<Record<string, unknown> & { type: string; start: number; end: number }>;
const isNode = (value: unknown): value is Node => typeof (value as Node | null)?.type === 'string';
const nameOf = (node: unknown): unknown => (isNode(node) ? node['name'] : undefined);

type Cut = Readonly<{ from: number; to: number; left: string }>;

/** Where the contract explains itself: what operations are for, and what fields mean. */
function proseIn(node: Node): Cut[] {
  const [callee, value] = [node['callee'] as Node | undefined, node['value']];
  if (node.type === 'Property' && nameOf(node['key']) === 'summary' && isNode(value) && value.type === 'Literal')
    return [emptied(value)];
  const explains = callee?.type === 'MemberExpression' && nameOf(callee['property']) === 'meta';
  if (!explains) return childrenOf(node).flatMap(proseIn);
  const explained = callee['object'] as Node;
  return [...proseIn(explained), { from: explained.end, to: node.end, left: '' }];
}

/** Where it words refusals in English: the page words them itself, in the person's language. */
const sentencesIn = (node: Node): Cut[] =>
  typeof node['value'] === 'string' && node['value'].includes(' ')
    ? [emptied(node)]
    : childrenOf(node).flatMap(sentencesIn);

const childrenOf = (node: Node): Node[] => Object.values(node).flat().filter(isNode);
const emptied = ({ start, end }: Node): Cut => ({ from: start, to: end, left: "''" });

/** Documentation is the server's to give: old PCs need not load it before anybody can sign in. */
const withoutProse: Plugin = {
  name: 'without-prose',
  apply: 'build',
  enforce: 'post',
  transform(code, id) {
    if (!/\/contract\/[\w-]+\.ts$/.test(id)) return null;
    const program = this.parse(code) as unknown as Node;
    const cuts = (id.endsWith('/errors.ts') ? sentencesIn : proseIn)(program).sort((a, b) => b.from - a.from);
    return {
      code: cuts.reduce((text, { from, to, left }) => text.slice(0, from) + left + text.slice(to), code),
      map: null,
    };
  },
};

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react(), withoutProse],
  build: {
    outDir: '../out/renderer',
    emptyOutDir: true,
    // The content security policy allows no `data:` fonts and no inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
});
