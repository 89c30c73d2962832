import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { root } from './bootstrap.mjs';

const LINUX = [16, 32, 48, 64, 128, 256, 512];
const WINDOWS = [16, 24, 32, 48, 64, 128, 256];
/** Apple's names for its sizes, twice as fine displays among them. */
const MAC = { ic07: 128, ic08: 256, ic09: 512, ic10: 1024, ic11: 32, ic12: 64, ic13: 256, ic14: 512 };

/** Every picture of the program, by the file it is kept in: each drawn at its size from the one that the screens use. */
export function drawIcons(): Map<string, Buffer> {
  const svg = readFileSync(path.join(root, 'renderer/icon.svg'), 'utf8');
  const tray = { png: `data:image/png;base64,${draw(svg, 32).toString('base64')}` };
  const icons = new Map([
    ['build/icon.ico', ico(svg)],
    ['build/icon.icns', icns(withMargin(svg))],
    // A tray takes no SVG, and the bundle no file beside it.
    ['main/tray-icon.json', Buffer.from(`${JSON.stringify(tray, null, 2)}\n`)],
  ]);
  for (const size of LINUX) icons.set(`build/icons/${size}x${size}.png`, draw(svg, size));
  return icons;
}

/** Writes them; after a change of `renderer/icon.svg`. */
export function writeIcons(): void {
  for (const [file, content] of drawIcons()) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), content);
  }
}

const render = (svg: string, size: number) => new Resvg(svg, { fitTo: { mode: 'width', value: size } }).render();
const draw = (svg: string, size: number): Buffer => Buffer.from(render(svg, size).asPng());

/** On a Mac icons stand in a margin of a tenth. */
const withMargin = (svg: string) => svg.replace('viewBox="0 0 32 32"', 'viewBox="-3.9 -3.9 39.8 39.8"');

function icns(svg: string): Buffer {
  const parts = Object.entries(MAC).map(([name, size]) => {
    const png = draw(svg, size);
    return Buffer.concat([Buffer.from(name), uint32BE(png.length + 8), png]);
  });
  const length = parts.reduce((sum, part) => sum + part.length, 8);
  return Buffer.concat([Buffer.from('icns'), uint32BE(length), ...parts]);
}

/** A directory of images: the large one as PNG, the others as bitmaps, which every tool on Windows reads. */
function ico(svg: string): Buffer {
  const images = WINDOWS.map((size) => (size < 256 ? bitmap(svg, size) : draw(svg, size)));
  const head = Buffer.alloc(6 + 16 * images.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(images.length, 4);
  let offset = head.length;
  for (const [at, image] of images.entries()) {
    const entry = 6 + 16 * at;
    const size = (WINDOWS[at] as number) % 256;
    head.writeUInt8(size, entry);
    head.writeUInt8(size, entry + 1);
    head.writeUInt16LE(1, entry + 4);
    head.writeUInt16LE(32, entry + 6);
    head.writeUInt32LE(image.length, entry + 8);
    head.writeUInt32LE(offset, entry + 12);
    offset += image.length;
  }
  return Buffer.concat([head, ...images]);
}

/** A device-independent bitmap: rows from the bottom, blue first, then a mask that alpha has made needless. */
function bitmap(svg: string, size: number): Buffer {
  const head = Buffer.alloc(40);
  head.writeUInt32LE(40, 0);
  head.writeInt32LE(size, 4);
  head.writeInt32LE(size * 2, 8);
  head.writeUInt16LE(1, 12);
  head.writeUInt16LE(32, 14);
  const { pixels } = render(svg, size);
  const colours = Buffer.alloc(pixels.length);
  for (let at = 0; at < pixels.length; at += 4) {
    const [red, green, blue, alpha] = pixels.subarray(at, at + 4) as unknown as [number, number, number, number];
    // They come multiplied by alpha.
    const plain = (colour: number) => (alpha === 0 ? 0 : Math.round((colour * 255) / alpha));
    const row = size - 1 - Math.floor(at / 4 / size);
    colours.set([plain(blue), plain(green), plain(red), alpha], (row * size + ((at / 4) % size)) * 4);
  }
  return Buffer.concat([head, colours, Buffer.alloc(Math.ceil(size / 32) * 4 * size)]);
}

function uint32BE(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
