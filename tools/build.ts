import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build, type InlineConfig, type Plugin } from 'vite';
import { root } from './bootstrap.mjs';
import { buildGuides } from './guides.ts';

const inRoot = (...parts: string[]) => path.join(root, ...parts);

/** What is built into what. Native modules stay outside: everything else is in the bundle, so that it starts fast. */
const NATIVE = [
  'better-sqlite3',
  'keytar',
  '@node-rs/argon2',
  'pg-native',
  'electron',
  'harfbuzzjs',
  'swagger-ui-dist/package.json',
];

/** A body may only be UTF-8 (`express.json` sees to it), and express brings the tables of every other alphabet: left out. */
const withoutAlphabets: Plugin = {
  name: 'without-alphabets',
  load: (id) =>
    /iconv-lite\/encodings\/(dbcs-data|sbcs-data-generated)\.js$/.test(id) ? 'module.exports = {};' : null,
};

/** One letter beyond ASCII, and V8 keeps the text of the whole file in two bytes a letter: large files get escapes. */
const asciiOnly: Plugin = {
  name: 'ascii-only',
  generateBundle(_options, bundle) {
    const escaped = (letter: string) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk' || chunk.code.length < 100_000) continue;
      // What stands behind a backslash is left as it is.
      chunk.code = chunk.code.replace(/\\?[^\0-\x7f]/g, (found) => (found.length > 1 ? found : escaped(found)));
    }
  },
};

const forNode = (outDir: string, input: Record<string, string>, format: 'es' | 'cjs' = 'es'): InlineConfig => ({
  configFile: false,
  root,
  logLevel: 'warn',
  publicDir: false,
  plugins: [withoutAlphabets, asciiOnly],
  ssr: { noExternal: true, external: NATIVE },
  build: {
    ssr: true,
    target: 'node24',
    outDir: inRoot('out', outDir),
    emptyOutDir: true,
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      input: Object.fromEntries(Object.entries(input).map(([name, file]) => [name, inRoot(file)])),
      external: NATIVE,
      output: {
        format,
        entryFileNames: format === 'cjs' ? '[name].cjs' : '[name].js',
        chunkFileNames: '[name]-[hash].js',
      },
    },
  },
});

/** The server, its worker, and the stand-alone verifier of audit files. */
async function buildServer(): Promise<void> {
  await build(forNode('server', { medlane: 'server/cli/medlane.ts', worker: 'server/jobs/worker.ts' }));
  await build(forNode('verify-audit', { 'verify-audit': 'server/audit/verify-file.ts' }));
  cpSync(inRoot('server/db/migrations'), inRoot('out/server/migrations'), { recursive: true });
}

async function buildDesktop(): Promise<void> {
  if (!existsSync(inRoot('main/main.ts'))) return;
  await build(forNode('main', { main: 'main/main.ts' }));
  await build(forNode('preload', { preload: 'preload/preload.ts' }, 'cjs'));
}

async function buildScreens(): Promise<void> {
  const configFile = inRoot('renderer/vite.config.ts');
  if (existsSync(configFile)) await build({ configFile, logLevel: 'warn' });
  // Beside the screens: the server offers both, and the desktop holds both.
  buildGuides(inRoot('out/renderer/docs'));
}

const SOURCES = [
  'domain',
  'contract',
  'paper',
  'server',
  'main',
  'preload',
  'renderer',
  'resources/translations',
  'resources/sounds',
  'docs/guides',
  'docs/pictures',
  'tools',
  'package-lock.json',
];

/** A fingerprint of everything that goes into the build: names, sizes and times. */
function fingerprint(): string {
  const hash = createHash('sha256');
  const visit = (file: string): void => {
    if (!existsSync(file)) return;
    const { isDirectory, size, mtimeMs } = { ...statSync(file), isDirectory: statSync(file).isDirectory() };
    if (isDirectory) for (const name of readdirSync(file).sort()) visit(path.join(file, name));
    else if (!file.endsWith('.test.ts')) hash.update(`${file} ${size} ${mtimeMs}\n`);
  };
  for (const source of SOURCES) visit(inRoot(source));
  return hash.digest('hex');
}

/** Builds when anything that goes into the product has changed since the last build. */
export async function ensureBuilt(): Promise<void> {
  const stamp = inRoot('out/.built');
  const now = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return;
  process.stderr.write('Building Medlane …\n');
  rmSync(stamp, { force: true });
  await buildServer();
  await buildDesktop();
  await buildScreens();
  mkdirSync(inRoot('out'), { recursive: true });
  writeFileSync(stamp, now);
}
