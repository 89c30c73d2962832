import { inflateSync } from 'node:zlib';
import { ApiError } from '../../contract/kit.ts';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
const LARGEST = { width: 1200, height: 600 };
/** Colour types that are bare channels of 8 bits: grey, RGB, and each with alpha. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 4: 2, 6: 4 };

const refuse = (message: string): never => {
  throw new ApiError('validation_failed', { fields: [{ field: 'logo', code: 'picture', message }] });
};

/**
 * A PNG that the printer can rely on: a plain kind, not large, and whole. It is opened here to its last byte, because a
 * broken one would break every paper that carries it. @throws ApiError
 */
export function checkLogo(file: Buffer): Buffer {
  if (!file.subarray(0, 8).equals(SIGNATURE)) refuse('This is not a PNG picture.');
  const chunks = chunksOf(file);
  const head = chunks[0];
  if (head?.type !== 'IHDR' || head.data.length !== 13 || chunks.at(-1)?.type !== 'IEND')
    refuse('This picture is broken.');
  const [width, height] = [head?.data.readUInt32BE(0) ?? 0, head?.data.readUInt32BE(4) ?? 0];
  const [depth, color, , , interlaced] = [...(head?.data.subarray(8) ?? [])];
  if (width < 1 || height < 1 || width > LARGEST.width || height > LARGEST.height)
    refuse(`A logo is at most ${LARGEST.width} × ${LARGEST.height} pixels.`);
  const channels = CHANNELS[color ?? -1];
  if (depth !== 8 || interlaced !== 0 || !channels) refuse('Save the picture as a plain PNG, without interlacing.');
  const bytes = height * (1 + width * (channels ?? 0));
  if (inflated(chunks, bytes) !== bytes) refuse('This picture is broken.');
  return file;
}

type Chunk = Readonly<{ type: string; data: Buffer }>;

function chunksOf(file: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 8; at + 12 <= file.length; ) {
    const length = file.readUInt32BE(at);
    if (at + 12 + length > file.length) break;
    chunks.push({ type: file.toString('latin1', at + 4, at + 8), data: file.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}

/** How many bytes its picture is, unless it is more than it said. */
function inflated(chunks: readonly Chunk[], most: number): number {
  const packed = chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data);
  try {
    return inflateSync(Buffer.concat(packed), { maxOutputLength: most + 1 }).length;
  } catch {
    return -1;
  }
}
