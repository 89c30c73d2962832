import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create, type Font as ParsedFont } from 'fontkit';
import * as hb from 'harfbuzzjs';

/** One typeface a script; Urdu is read in Nastaliq. */
export type Face = 'latin' | 'arabic' | 'devanagari';
export type Weight = 'regular' | 'bold';

const FILES: Record<Face, Record<Weight, string>> = {
  latin: { regular: 'inter/400Regular/Inter_400Regular.ttf', bold: 'inter/700Bold/Inter_700Bold.ttf' },
  arabic: {
    regular: 'noto-nastaliq-urdu/400Regular/NotoNastaliqUrdu_400Regular.ttf',
    bold: 'noto-nastaliq-urdu/700Bold/NotoNastaliqUrdu_700Bold.ttf',
  },
  devanagari: {
    regular: 'noto-sans-devanagari/400Regular/NotoSansDevanagari_400Regular.ttf',
    bold: 'noto-sans-devanagari/700Bold/NotoSansDevanagari_700Bold.ttf',
  },
};

/** How far lines reach over and under the baseline, in em: Nastaliq descends along its words, so they begin high. */
export const REACH: Record<Face, { up: number; down: number }> = {
  latin: { up: 0.97, down: 0.36 },
  arabic: { up: 1.65, down: 0.6 },
  devanagari: { up: 1.08, down: 0.44 },
};

export type Font = Readonly<{
  name: string;
  face: Face;
  /** What pdfkit embeds: the parsed font, whose `layout` is HarfBuzz's. */
  source: ParsedFont;
  has: (codePoint: number) => boolean;
  /** Width of a run at one point, in points. */
  width: (text: string, rightToLeft: boolean) => number;
}>;

/** A run of a right-to-left level is marked by this feature: pdfkit passes features on to `layout`, and nothing else. */
export const RIGHT_TO_LEFT = 'rtla';

const require = createRequire(import.meta.url);
const opened = new Map<string, Font>();

/** Opened at first use and kept: parsing is dear, and every document embeds a subset of its own. */
export function fontOf(face: Face, weight: Weight): Font {
  const name = `${face}-${weight}`;
  let font = opened.get(name);
  if (!font) {
    font = openFont(name, face, readFileSync(require.resolve(`@expo-google-fonts/${FILES[face][weight]}`)));
    opened.set(name, font);
  }
  return font;
}

type Shaped = { glyphs: ReturnType<ParsedFont['getGlyph']>[]; advances: hb.GlyphPosition[]; width: number };

/** Shaped runs are kept, since one is measured before it is drawn; and forgotten together, since names are among them. */
const MOST_SHAPED = 2000;

/**
 * fontkit parses and cuts the subset; HarfBuzz shapes, because fontkit's own shaping fails on Nastaliq and takes ten times
 * as long on the others.
 */
function openFont(name: string, face: Face, bytes: Buffer): Font {
  const parsed = create(bytes) as ParsedFont;
  const shaper = new hb.Font(new hb.Face(new hb.Blob(bytes)));
  const buffer = new hb.Buffer();
  const kept = new Map<string, Shaped>();

  function shape(text: string, rightToLeft: boolean): Shaped {
    const key = (rightToLeft ? '<' : '>') + text;
    const known = kept.get(key);
    if (known) return known;
    buffer.clearContents();
    buffer.addText(text);
    buffer.setDirection(rightToLeft ? hb.Direction.RTL : hb.Direction.LTR);
    buffer.guessSegmentProperties();
    hb.shape(shaper, buffer);
    const advances = buffer.getGlyphPositions();
    const shaped = {
      glyphs: glyphsOf(parsed, text, buffer.getGlyphInfos()),
      advances,
      width: advances.reduce((sum, { xAdvance }) => sum + xAdvance, 0),
    };
    if (kept.size >= MOST_SHAPED) kept.clear();
    kept.set(key, shaped);
    return shaped;
  }

  const layout = (text: string, features?: string[]) => {
    const { glyphs, advances, width } = shape(text, features?.includes(RIGHT_TO_LEFT) ?? false);
    // pdfkit scales the positions where they stand: it gets its own.
    return { glyphs, positions: advances.map((advance) => ({ ...advance })), advanceWidth: width };
  };
  return {
    name,
    face,
    source: Object.create(parsed, { layout: { value: layout } }) as ParsedFont,
    has: (codePoint) => parsed.hasGlyphForCodePoint(codePoint),
    width: (text, rightToLeft) => shape(text, rightToLeft).width / parsed.unitsPerEm,
  };
}

/** The glyphs, the first of each cluster with the cluster's characters, so that text can be copied out again. */
function glyphsOf(font: ParsedFont, text: string, infos: readonly hb.GlyphInfo[]): Shaped['glyphs'] {
  const starts = [...new Set(infos.map(({ cluster }) => cluster))].sort((a, b) => a - b);
  const endOf = new Map(starts.map((start, index) => [start, starts[index + 1] ?? text.length]));
  const told = new Set<number>();
  return infos.map(({ codepoint: id, cluster }) => {
    const first = !told.has(cluster);
    told.add(cluster);
    const characters = first ? [...text.slice(cluster, endOf.get(cluster))] : [];
    return font.getGlyph(
      id,
      characters.map((character) => character.codePointAt(0) as number),
    );
  });
}
