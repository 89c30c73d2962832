import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { parse } from 'yaml';

const require = createRequire(import.meta.url);
const root = path.join(import.meta.dirname, '../..');
const read = () => parse(readFileSync(path.join(root, 'electron-builder.yml'), 'utf8')) as Record<string, unknown>;

/** Before it downloads anything: the packager's own check of its configuration. */
async function problemOf(configuration: Record<string, unknown>): Promise<string | null> {
  // What electron-builder brings along is found from electron-builder.
  const builder = createRequire(require.resolve('electron-builder/package.json'));
  const { validateConfiguration } = builder('app-builder-lib/out/util/config/config');
  const { DebugLogger } = builder('builder-util');
  return validateConfiguration(configuration, new DebugLogger(false)).then(
    () => null,
    (error: Error) => error.message,
  );
}

test('the packager understands its configuration', async () => {
  expect(await problemOf(read())).toBeNull();
  expect(await problemOf({ ...read(), appIdd: 'x' })).toContain('appIdd');
});

test('a shipped program cannot be turned into a plain Node, nor its archive be exchanged', () => {
  expect(read()['electronFuses']).toMatchObject({
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
  });
});

test('no system’s own list of files widens the common one', () => {
  for (const system of ['win', 'mac', 'linux']) expect(read()[system]).not.toHaveProperty('files');
});
