import bidiFactory from 'bidi-js';
import { type Face, type Font, fontOf, REACH, RIGHT_TO_LEFT, type Weight } from './fonts.ts';

// Its types speak of the module as CommonJS sees it.
const bidi = (bidiFactory as unknown as typeof bidiFactory.default)();

export type Direction = 'ltr' | 'rtl';
/** How a language is written: its direction, and the typeface that sets the height of every line. */
export type Writing = Readonly<{ direction: Direction; face: Face }>;
/** Numbers, tokens and codes: the same in every language. */
export const LATIN: Writing = { direction: 'ltr', face: 'latin' };

export type Style = Readonly<{
  /** Points. */
  size: number;
  weight?: Weight;
  color?: string;
  align?: 'start' | 'center' | 'end';
  /** `auto` for what somebody typed: by its first letter. The language's own direction otherwise. */
  direction?: Direction | 'auto';
}>;

type Run = Readonly<{ font: Font; text: string; rightToLeft: boolean; level: number; width: number }>;
/** Runs in the order in which they stand on the paper, from the left. */
export type Line = Readonly<{ runs: readonly Run[]; text: string; width: number; up: number; down: number }>;
export type Paragraph = Readonly<{ lines: readonly Line[]; style: Style; width: number; height: number }>;

/** Marks that order text and are never drawn. */
const MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const SCRIPTS: readonly (readonly [Script, RegExp])[] = [
  ['arabic', /\p{Script_Extensions=Arabic}/u],
  ['devanagari', /\p{Script_Extensions=Devanagari}/u],
  ['mark', /\p{M}/u],
  ['latin', /[\p{L}\p{N}]/u],
];

export const withoutMarks = (text: string): string => text.replace(MARKS, '');

/** Text within other text, of whatever direction: it keeps its own order, and leaves the others theirs. */
export const isolate = (text: string): string => `\u2068${text}\u2069`;

/** Breaks a text into lines no wider than `width` points, then puts each line into its visual order (UAX 9). */
export function typeset(text: string, style: Style, writing: Writing, width = Number.POSITIVE_INFINITY): Paragraph {
  const parts = text.normalize('NFC').split('\n');
  const within = (most: number) => parts.flatMap((part) => breakLines(part, style, writing, most));
  const lines = style.align === 'center' ? balanced(within, width) : within(width);
  const height = lines.reduce((sum, { up, down }) => sum + up + down, 0);
  const widest = Math.max(0, ...lines.map((line) => line.width));
  return { lines, style, width: Number.isFinite(width) ? width : widest, height };
}

/** Lines in the middle of a paper are of a length: no last word alone. */
function balanced(within: (width: number) => Line[], width: number): Line[] {
  let best = within(width);
  for (let [low, high] = [width / best.length, width]; best.length > 1 && high - low > 4; ) {
    const middle = (low + high) / 2;
    const lines = within(middle);
    if (lines.length > best.length) low = middle;
    else [best, high] = [lines, middle];
  }
  return best;
}

function breakLines(text: string, style: Style, writing: Writing, width: number): Line[] {
  const base = style.direction ?? writing.direction;
  const { levels } = bidi.getEmbeddingLevels(text, base === 'auto' ? undefined : base);
  const runs = (from: number, to: number) => runsOf(text, levels, from, to, style);
  const widthOf = (from: number, to: number) => runs(from, to).reduce((sum, run) => sum + run.width, 0);
  const line = (from: number, to: number) => lineOf(runs(from, to), text.slice(from, to), style, writing);
  const last = lengthWithoutSpace(text, text.length);
  if (!Number.isFinite(width)) return [line(0, last)];

  const lines: Line[] = [];
  let [start, end, used] = [0, 0, 0];
  for (const stop of stopsOf(text)) {
    const wordEnd = Math.max(end, lengthWithoutSpace(text, stop));
    if (end > start && used + widthOf(end, wordEnd) > width) {
      lines.push(line(start, lengthWithoutSpace(text, end)));
      [start, used] = [end, 0];
    }
    // A word that is too long for any line is cut where the line ends.
    while (used === 0 && widthOf(start, wordEnd) > width) {
      const cut = longestFit(text, start, wordEnd, (to) => widthOf(start, to) <= width);
      lines.push(line(start, cut));
      start = cut;
    }
    used += widthOf(Math.max(start, end), stop);
    end = stop;
  }
  if (start < last || lines.length === 0) lines.push(line(start, last));
  return lines;
}

/** Where a line may end: after each stretch of white space, and at the end of the text. */
const stopsOf = (text: string): number[] => [
  ...[...text.matchAll(/[ \t\u2002-\u200b]+/g)].map((match) => match.index + match[0].length),
  text.length,
];
const lengthWithoutSpace = (text: string, to: number): number => text.slice(0, to).trimEnd().length;

function longestFit(text: string, from: number, to: number, fits: (to: number) => boolean): number {
  const letters = [...new Intl.Segmenter().segment(text.slice(from, to))];
  let best = from + (letters[0]?.segment.length ?? 1);
  for (const { index, segment } of letters) {
    if (!fits(from + index + segment.length)) break;
    best = from + index + segment.length;
  }
  return best;
}

/** Stretches of one typeface and one level, in the order of the text. */
function runsOf(text: string, levels: Uint8Array, from: number, to: number, { size, weight }: Style): Run[] {
  const runs: { face: Face; level: number; text: string }[] = [];
  for (let at = from; at < to; ) {
    const character = String.fromCodePoint(text.codePointAt(at) as number);
    const level = levels[at] ?? 0;
    const last = runs.at(-1);
    const drawn = withoutMarks(character);
    const face = drawn === '' ? (last?.face ?? 'latin') : faceOf(drawn, level, last?.face, text.slice(at + 1, at + 7));
    if (last && last.face === face && last.level === level) last.text += drawn;
    else if (drawn !== '') runs.push({ face, level, text: drawn });
    at += character.length;
  }
  return runs.map(({ face, level, text: run }) => {
    const font = fontOf(face, weight ?? 'regular');
    const rightToLeft = level % 2 === 1;
    return { font, text: run, level, rightToLeft, width: font.width(run, rightToLeft) * size };
  });
}

/** Letters by their script; what belongs to no script by its direction, so that both brackets of a pair are alike. */
function faceOf(character: string, level: number, before: Face | undefined, after: string): Face {
  const script = scriptOf(character);
  if (script === 'mark') return before ?? 'latin';
  if (script !== 'none') return script;
  if (character === ' ' && (before === 'latin' || BEFORE_LATIN.test(after))) return 'latin';
  const own =
    level % 2 === 1 && JOINS_WORDS.test(character) ? 'arabic' : character === ' ' ? (before ?? 'latin') : 'latin';
  return fontOf(own, 'regular').has(character.codePointAt(0) as number) ? own : 'latin';
}
/** Nastaliq's words lean over their spaces; beside a number or a sign that would be no space at all. */
const BEFORE_LATIN = /^[\u2066-\u2069]*[+#(·–]?[\p{Nd}\p{Script=Latin}·–]/u;
const JOINS_WORDS = /[\s.,:;!?()[\]{}«»"'“”‘’]/u;

type Script = Face | 'mark' | 'none';
const scripts = new Map<string, Script>();

function scriptOf(character: string): Script {
  let script = scripts.get(character);
  if (!script) {
    script = SCRIPTS.find(([, pattern]) => pattern.test(character))?.[0] ?? 'none';
    scripts.set(character, script);
  }
  return script;
}

/** Every line of a language is as high as its own letters need, whatever stands in it: lines keep their rhythm. */
function lineOf(runs: readonly Run[], text: string, { size }: Style, { face }: Writing): Line {
  const faces = [REACH[face], ...runs.map(({ font }) => REACH[font.face])];
  return {
    runs: visualOrder(runs),
    text: withoutMarks(text),
    width: runs.reduce((sum, { width }) => sum + width, 0),
    up: size * Math.max(...faces.map(({ up }) => up)),
    down: size * Math.max(...faces.map(({ down }) => down)),
  };
}

/** Rule L2: from the highest level to the lowest odd one, every stretch at that level or above is turned round. */
function visualOrder(runs: readonly Run[]): Run[] {
  const order = [...runs];
  for (let level = Math.max(0, ...runs.map((run) => run.level)); level > 0; level -= 1) {
    for (let at = 0; at < order.length; at += 1) {
      let end = at;
      while (end < order.length && (order[end] as Run).level >= level) end += 1;
      if (end > at + 1) order.splice(at, end - at, ...order.slice(at, end).reverse());
      at = Math.max(at, end - 1);
    }
  }
  return order;
}

/** Draws a paragraph with its upper left corner here. */
export function drawText(doc: PDFKit.PDFDocument, paragraph: Paragraph, x: number, y: number, side: Direction): void {
  const { style, width } = paragraph;
  let top = y;
  for (const line of paragraph.lines) {
    const free = width - line.width;
    const align = style.align ?? 'start';
    const fromLeft = align === 'center' ? free / 2 : (align === 'start') === (side === 'ltr') ? 0 : free;
    drawLine(doc, line, style, x + fromLeft, top + line.up);
    top += line.up + line.down;
  }
}

/**
 * Beside glyphs that are not its letters one by one stands what is copied out for them. PDFium and poppler take it for
 * glyphs from the left, and turn right-to-left text round themselves: so it is given in that order.
 */
function drawLine(doc: PDFKit.PDFDocument, line: Line, { size, color }: Style, x: number, baseline: number): void {
  let left = x;
  for (const { font, text, rightToLeft, width } of line.runs) {
    doc.registerFont(font.name, font.source as unknown as PDFKit.Mixins.PDFFontSource);
    const copied = font.face === 'latin' ? null : rightToLeft ? [...text].reverse().join('') : text;
    if (copied) doc.markContent('Span', { actual: copied });
    doc
      .font(font.name, size)
      .fillColor(color ?? '#17212b')
      .text(text, left, baseline, {
        lineBreak: false,
        baseline: 'alphabetic',
        features: [(rightToLeft ? RIGHT_TO_LEFT : 'kern') as PDFKit.Mixins.OpenTypeFeatures],
      });
    if (copied) doc.endMarkedContent();
    left += width;
  }
}

/** What is read aloud for a paragraph whose glyphs are not its letters one by one; nothing for plain Latin. */
export const spokenText = ({ lines }: Paragraph): string | undefined =>
  lines.some(({ runs }) => runs.some(({ font }) => font.face !== 'latin'))
    ? lines.map(({ text }) => text).join(' ')
    : undefined;
