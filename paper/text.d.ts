import { type Face, type Font, type Weight } from './fonts.ts';
export type Direction = 'ltr' | 'rtl';
/** How a language is written: its direction, and the typeface that sets the height of every line. */
export type Writing = Readonly<{
  direction: Direction;
  face: Face;
}>;
/** Numbers, tokens and codes: the same in every language. */
export declare const LATIN: Writing;
export type Style = Readonly<{
  /** Points. */
  size: number;
  weight?: Weight;
  color?: string;
  align?: 'start' | 'center' | 'end';
  /** `auto` for what somebody typed: by its first letter. The language's own direction otherwise. */
  direction?: Direction | 'auto';
}>;
type Run = Readonly<{
  font: Font;
  text: string;
  rightToLeft: boolean;
  level: number;
  width: number;
}>;
/** Runs in the order in which they stand on the paper, from the left. */
export type Line = Readonly<{
  runs: readonly Run[];
  text: string;
  width: number;
  up: number;
  down: number;
}>;
export type Paragraph = Readonly<{
  lines: readonly Line[];
  style: Style;
  width: number;
  height: number;
}>;
export declare const withoutMarks: (text: string) => string;
/** Text within other text, of whatever direction: it keeps its own order, and leaves the others theirs. */
export declare const isolate: (text: string) => string;
/** Breaks a text into lines no wider than `width` points, then puts each line into its visual order (UAX 9). */
export declare function typeset(text: string, style: Style, writing: Writing, width?: number): Paragraph;
/** Draws a paragraph with its upper left corner here. */
export declare function drawText(
  doc: PDFKit.PDFDocument,
  paragraph: Paragraph,
  x: number,
  y: number,
  side: Direction,
): void;
/** What is read aloud for a paragraph whose glyphs are not its letters one by one; nothing for plain Latin. */
export declare const spokenText: ({ lines }: Paragraph) => string | undefined;
