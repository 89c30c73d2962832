import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PNG } from 'pngjs';

const GOLDEN = fileURLToPath(new URL('./golden/', import.meta.url));
const SEEN = fileURLToPath(new URL('../../test-results/paper/', import.meta.url));
/** Small, so that a hundred of them weigh little; large enough that a word that moved is seen. */
const DPI = 50;

/** Each page as a picture. */
export function picturesOf(pdf: Uint8Array): PNG[] {
  const { stdout } = spawnSync('pdftoppm', ['-r', String(DPI), '-png', '-'], { input: pdf, maxBuffer: 64 << 20 });
  const pictures: PNG[] = [];
  // One PNG after the other; each ends with its IEND chunk.
  for (let at = 0; at < stdout.length; ) {
    const end = stdout.indexOf('IEND', at) + 8;
    pictures.push(PNG.sync.read(stdout.subarray(at, end)));
    at = end;
  }
  return pictures;
}

/**
 * How much of the picture is unlike the one that was looked at and kept, from 0 to 1. Edges may be drawn a shade lighter
 * by another version of the viewer; a letter that is another is not a shade. `MEDLANE_GOLDEN=write` keeps the new ones.
 */
export function unlike(name: string, seen: PNG): number {
  const file = path.join(GOLDEN, `${name}.png`);
  if (process.env['MEDLANE_GOLDEN'] === 'write') writeFileSync(file, PNG.sync.write(seen));
  if (!existsSync(file)) return 1;
  const golden = PNG.sync.read(readFileSync(file));
  const differs = golden.width !== seen.width || golden.height !== seen.height ? 1 : share(golden, seen);
  if (differs > TOLERATED) {
    mkdirSync(SEEN, { recursive: true });
    writeFileSync(path.join(SEEN, `${name}.png`), PNG.sync.write(seen));
  }
  return differs;
}

export const TOLERATED = 0.002;
const SHADE = 64;

function share(a: PNG, b: PNG): number {
  let different = 0;
  for (let at = 0; at < a.data.length; at += 4) {
    const most = Math.max(
      ...[0, 1, 2].map((channel) => Math.abs((a.data[at + channel] ?? 0) - (b.data[at + channel] ?? 0))),
    );
    if (most > SHADE) different += 1;
  }
  return (different * 4) / a.data.length;
}
