/** The two scripts a page starts with, from page-world.ts and the app's preload. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { compileFunction } from 'node:vm';
import { rolldown } from 'rolldown';
import type { IsolatedConfig } from '../page-world/messages.ts';
import { ownSchemes } from './schemes.ts';

const PRELOAD_PARAMETERS = ['require', 'module', 'exports', 'process', 'global', 'setImmediate', 'clearImmediate'];

export interface PageScripts {
  readonly main: string;
  readonly isolated: string;
  readonly binding: string;
}

export interface PreloadFile {
  readonly path: string;
  readonly source: string;
}

let bundle: Promise<string> | undefined;

/** Bundled once per process, in a few hundredths of a second, so that no built file can be out of date. */
export function bundlePageWorld(): Promise<string> {
  const build = async () => {
    const input = new URL('../page-world.ts', import.meta.url).pathname;
    const built = await rolldown({ input, platform: 'browser', logLevel: 'silent' });
    const { output } = await built.generate({ format: 'iife', name: 'pageWorld', minify: 'dce-only' });
    await built.close();
    return output[0].code;
  };
  bundle ??= build();
  return bundle;
}

/** Throws the preload's syntax error, which Chromium would swallow. */
export function readPreload(path: string): PreloadFile {
  const source = readFileSync(path, 'utf8');
  compileFunction(source, PRELOAD_PARAMETERS, { filename: path });
  return { path, source };
}

export async function createPageScripts(
  preload: PreloadFile | undefined,
  additionalArguments: readonly string[],
): Promise<PageScripts> {
  const config: IsolatedConfig = {
    channel: randomUUID(),
    binding: `electronStandIn${randomUUID().replaceAll('-', '')}`,
    schemes: ownSchemes(),
    preloadPath: preload?.path ?? '',
    process: {
      argv: [process.execPath, '--type=renderer', ...additionalArguments],
      env: { ...process.env },
      platform: process.platform,
      arch: process.arch,
      versions: { ...process.versions },
    },
  };
  const { channel, schemes } = config;
  const code = await bundlePageWorld();
  // The bundle's own variable stays inside the function: nothing of the stand-in may be visible in the page.
  const main = `(() => {${code}\npageWorld.joinMainWorld(${JSON.stringify({ channel, schemes })});})();`;
  const isolated = `(() => {${code}\npageWorld.joinIsolatedWorld(${JSON.stringify(config)}, ${wrapped(preload)});})();`;
  return { main, isolated, binding: config.binding };
}

function wrapped(preload: PreloadFile | undefined): string {
  if (preload === undefined) return 'undefined';
  const immediate = 'globalThis, (task, ...args) => setTimeout(task, 0, ...args), clearTimeout';
  const inner = `(function (${PRELOAD_PARAMETERS.join(', ')}) {${preload.source}\n})`;
  return `(require, module, exports, process) => ${inner}(require, module, exports, process, ${immediate})`;
}
