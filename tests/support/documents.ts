import { crc32, deflateSync } from 'node:zlib';

/** Small files of the kinds that a clinic takes as identity documents. */

export const PDF = Buffer.from(
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n' +
    '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 240 150]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
);

const number = (bytes: number, value: number): Buffer => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
};
function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), data]);
  return Buffer.concat([number(4, data.length), named, number(4, crc32(named))]);
}

/** A plain picture; told larger than it is, its pixels are those of one line. */
export function pngOf({ width = 240, height = 150 } = {}): Buffer {
  const line = Buffer.concat([Buffer.from([0]), Buffer.alloc(Math.min(width, 1000), 0xb4)]);
  const lines = Buffer.concat(Array.from({ length: Math.min(height, 1000) }, () => line));
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', Buffer.concat([number(4, width), number(4, height), Buffer.from([8, 0, 0, 0, 0])])),
    chunk('IDAT', deflateSync(lines)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const segment = (code: number, data: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0xff, code]), number(2, data.length + 2), data]);

/** An Exif segment as a telephone writes it, little-endian: how it was held, and a secret. */
const exif = (way: number, secret: string): Buffer =>
  segment(
    0xe1,
    Buffer.concat([
      Buffer.from('Exif\0\0'),
      Buffer.from('49492a000800000002000f010200140000006400000012010300010000000', 'hex'),
      Buffer.from([way, 0, 0, 0, 0, 0, 0, 0]),
      Buffer.from(secret),
    ]),
  );

type Jpeg = Readonly<{ width?: number; height?: number; secret?: string; way?: number; behind?: string }>;

/** The markers of a JPEG in their order. Nobody decodes it here. */
export function jpegOf({ width = 240, height = 150, secret, way = 1, behind }: Jpeg = {}): Buffer {
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    ...(secret === undefined
      ? [segment(0xe0, Buffer.from('JFIF\0\x01\x01\0\0\x01\0\x01\0\0', 'latin1'))]
      : [exif(way, secret), segment(0xfe, Buffer.from(secret))]),
    segment(0xdb, Buffer.alloc(65, 1)),
    segment(0xc0, Buffer.concat([Buffer.from([8]), number(2, height), number(2, width), Buffer.from([1, 1, 0x11, 0])])),
    segment(0xc4, Buffer.alloc(20, 0)),
    segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
    Buffer.from([0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56]),
    Buffer.from([0xff, 0xd9]),
    ...(behind === undefined ? [] : [Buffer.from(behind)]),
  ]);
}
