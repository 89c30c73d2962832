import { crc32 } from 'node:zlib';

/** A picture as it is kept: without what a camera or a program wrote into it about place, time and owner. */
export type Picture = Readonly<{ width: number; height: number; bytes: Buffer }>;

const [SOI, EOI, SOS, EXIF, ICC, ADOBE] = [0xd8, 0xd9, 0xda, 0xe1, 0xe2, 0xee] as const;
const marker = (code: number): Buffer => Buffer.from([0xff, code]);
const isSize = (code: number) => code >= 0xc0 && code <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(code);
/** Comments and what applications added; colours and how they are stored stay. */
const isExtra = (code: number) => (code >= 0xe1 && code <= 0xef && code !== ICC && code !== ADOBE) || code === 0xfe;

/** A JPEG, segment by segment up to its end: nothing is decoded, and what hangs behind it is left out. Null when it is broken. */
export function plainJpeg(file: Buffer): Picture | null {
  const kept = [marker(SOI)];
  let size: { width: number; height: number } | null = null;
  let upright: Buffer | null = null;
  for (let at = 2; at + 4 <= file.length || file[at + 1] === EOI; ) {
    const code = file[at + 1] ?? 0;
    if (file[at] !== 0xff) return null;
    if (code === 0xff) {
      at += 1;
      continue;
    }
    if (code === EOI) {
      if (!size) return null;
      const [start, ...others] = kept as [Buffer, ...Buffer[]];
      return { ...size, bytes: Buffer.concat([start, ...(upright ? [upright] : []), ...others, marker(EOI)]) };
    }
    const end = at + 2 + file.readUInt16BE(at + 2);
    if (end < at + 4 || end > file.length) return null;
    const segment = file.subarray(at, end);
    if (isSize(code) && segment.length >= 9) size = { height: segment.readUInt16BE(5), width: segment.readUInt16BE(7) };
    if (code === EXIF) upright ??= whichWayUp(segment.subarray(4));
    if (!isExtra(code) && !(code === ICC && segment.toString('latin1', 4, 15) !== 'ICC_PROFILE')) kept.push(segment);
    at = end;
    if (code === SOS) {
      const next = endOfScan(file, at);
      if (next === null) return null;
      kept.push(file.subarray(at, next));
      at = next;
    }
  }
  return null;
}

/** Where the next marker stands: within a scan FF is followed by 0, a restart, or more FF. */
function endOfScan(file: Buffer, from: number): number | null {
  for (let at = file.indexOf(0xff, from); at >= 0 && at + 1 < file.length; at = file.indexOf(0xff, at + 1)) {
    const code = file[at + 1] ?? 0;
    if (code !== 0 && code !== 0xff && (code < 0xd0 || code > 0xd7)) return at;
  }
  return null;
}

const ORIENTATION = 0x0112;
/** An Exif segment with that one entry, big-endian; its value stands eight bytes before the end. */
const UPRIGHT = Buffer.from(
  `ffe10022457869660000${'4d4d002a00000008'}0001${'011200030000000100000000'}00000000`,
  'hex',
);

/** Of all that Exif says only how the telephone was held, as a segment of its own: else pictures would lie on their side. */
function whichWayUp(exif: Buffer): Buffer | null {
  if (exif.toString('latin1', 0, 6) !== 'Exif\0\0') return null;
  const tiff = exif.subarray(6);
  const little = tiff.toString('latin1', 0, 2) === 'II';
  const short = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  try {
    const table = little ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
    for (let entry = 0; entry < short(table); entry += 1) {
      const at = table + 2 + entry * 12;
      const way = short(at) === ORIENTATION ? short(at + 8) : 0;
      if (way < 2 || way > 8) continue;
      const segment = Buffer.from(UPRIGHT);
      segment.writeUInt16BE(way, segment.length - 8);
      return segment;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return null;
}

const PNG = Buffer.from('89504e470d0a1a0a', 'hex');
/** What a picture is made of, and its colours. */
const KEPT = ['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'iCCP', 'sBIT', 'bKGD', 'pHYs'];

/** A PNG, chunk by chunk up to its end, each with the right sum. Null when it is broken. */
export function plainPng(file: Buffer): Picture | null {
  const kept: Buffer[] = [PNG];
  for (let at = 8; at + 12 <= file.length; ) {
    const end = at + 12 + file.readUInt32BE(at);
    if (end > file.length || crc32(file.subarray(at + 4, end - 4)) !== file.readUInt32BE(end - 4)) return null;
    const type = file.toString('latin1', at + 4, at + 8);
    if ((kept.length === 1) !== (type === 'IHDR')) return null;
    if (KEPT.includes(type)) kept.push(file.subarray(at, end));
    if (type === 'IEND')
      return { width: file.readUInt32BE(16), height: file.readUInt32BE(20), bytes: Buffer.concat(kept) };
    at = end;
  }
  return null;
}
