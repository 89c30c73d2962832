import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { jpegOf, PDF, pngOf } from '../../tests/support/documents.ts';
import { readFile, shownName } from './files.ts';

const read = (file: Buffer) => readFile(Readable.from([file]));
const problemOf = (file: Buffer): Promise<unknown> =>
  read(file).then(
    () => 'none',
    (error: { facts?: { problem: string } }) => error.facts?.problem ?? error,
  );

describe('a file of a document', () => {
  it('is told by its content', async () => {
    expect((await read(PDF)).media).toBe('application/pdf');
    expect((await read(pngOf())).media).toBe('image/png');
    expect((await read(jpegOf())).media).toBe('image/jpeg');
  });

  it.each([
    ['a program', Buffer.from('MZ\x90\0'.padEnd(400, '\0'), 'latin1')],
    ['a page', Buffer.from('<html><script>alert(1)</script></html>')],
    ['a drawing that runs scripts', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>')],
    ['a GIF', Buffer.from('GIF89a\x01\0\x01\0\0\0\0;', 'latin1')],
    ['a page that hides a PDF', Buffer.concat([Buffer.from('<html>'), PDF])],
    ['nothing', Buffer.alloc(0)],
  ])('%s is refused, whatever it is called', async (_what, file) => {
    expect(await problemOf(file)).toBe('kind');
  });

  it.each([
    ['a PDF', PDF.subarray(0, -12)],
    ['a PNG', pngOf().subarray(0, -6)],
    ['a JPEG', jpegOf().subarray(0, -6)],
  ])('%s that is not whole is refused', async (_what, file) => {
    expect(await problemOf(file)).toBe('broken');
  });

  it('a changed bit in a PNG is noticed', async () => {
    const file = pngOf();
    file[file.length - 20] = (file[file.length - 20] ?? 0) ^ 1;
    expect(await problemOf(file)).toBe('broken');
  });

  it('more than 5 MB is refused, one byte less is not', async () => {
    const upTo = (size: number) =>
      Buffer.concat([PDF.subarray(0, 9), Buffer.alloc(size - PDF.length, 32), PDF.subarray(9)]);
    expect(await problemOf(upTo(5 * 1024 * 1024))).toBe('none');
    expect(await problemOf(upTo(5 * 1024 * 1024 + 1))).toBe('size');
  });

  it('a picture that says it is enormous is refused before anything opens it', async () => {
    expect(await problemOf(pngOf({ width: 5000, height: 5000 }))).toBe('none');
    expect(await problemOf(pngOf({ width: 100_000, height: 100_000 }))).toBe('pixels');
    expect(await problemOf(jpegOf({ width: 65_000, height: 65_000 }))).toBe('pixels');
  });
});

describe('what a camera wrote into a picture', () => {
  it('is gone from a JPEG, but for how the telephone was held; and so is what hangs behind it', async () => {
    const { bytes } = await read(jpegOf({ secret: 'GPS 31.5204 74.3587', way: 6, behind: 'GPS of the preview' }));
    expect(bytes.toString('latin1')).not.toMatch(/GPS/);
    expect(bytes.subarray(-2)).toEqual(Buffer.from([0xff, 0xd9]));
    const exif = bytes.indexOf('Exif');
    expect(bytes.readUInt16BE(exif + 24)).toBe(6);
    expect(await read(bytes).then(({ bytes: again }) => again)).toEqual(bytes);
  });

  it('leaves the picture itself as it was', async () => {
    const file = jpegOf();
    expect((await read(file)).bytes).toEqual(file);
    expect((await read(pngOf())).bytes).toEqual(pngOf());
  });

  it('is gone from a PNG', async () => {
    const text = Buffer.from('tEXtAuthor\0Ayesha Khan');
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(text));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(text.length - 4);
    const file = pngOf();
    const marked = Buffer.concat([file.subarray(0, 33), length, text, sum, file.subarray(33)]);
    expect((await read(marked)).bytes).toEqual(file);
  });
});

describe('the name of a file', () => {
  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\scans\\card.png', 'card.png'],
    ['\\\\server\\share\\CON', 'CON'],
    ['a\u202egnp.exe\0', 'agnp.exe'],
    ['', 'document'],
    ['شناختی کارڈ.pdf', 'شناختی کارڈ.pdf'],
  ])('%j is shown as %j', (given, shown) => {
    expect(shownName(given)).toBe(shown);
  });
  it('is not endless', () => expect(shownName('x'.repeat(5000))).toHaveLength(100));
});
