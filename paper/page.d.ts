import type { Weight } from './fonts.ts';
import { type Direction, type Paragraph, type Style } from './text.ts';
import type { Words } from './words.ts';

type Doc = PDFKit.PDFDocument;
type Element = PDFKit.PDFStructureElement;
export declare const mm: (millimetres: number) => number;
export declare const A4: Size;
export declare const A6: Size;
/** The bank-card size of ISO/IEC 7810 ID-1. */
export declare const CR80: Size;
export type Size = readonly [width: number, height: number];
/** Colours of the office papers; a roll knows black alone. */
export declare const INK: {
  text: string;
  muted: string;
  line: string;
  pale: string;
  accent: string;
  alert: string;
};
/** What every paper needs to know beside its facts. */
export type Look = Readonly<{
  words: Words;
  title: string;
  author: string;
  printedAt: number;
}>;
export type Sheet = Readonly<{
  doc: Doc;
  direction: Direction;
  /** Sets text; `width` in points breaks it into lines. */
  set: (text: string, style: Style, width?: number) => Paragraph;
  /** Draws a paragraph where it belongs: a tagged piece of the document's tree. */
  put: (tag: string, paragraph: Paragraph, x: number, y: number, within?: Element) => void;
  /** Draws a paragraph that is no content: within `decor`. */
  draw: (paragraph: Paragraph, x: number, y: number) => void;
  /** A part of the tree with parts of its own; `end` it. */
  part: (tag: string, within?: Element) => Element;
  /** A drawing with what it says to who cannot see it. */
  figure: (alt: string, draw: () => void) => void;
  /** Lines, boxes and what repeats on every page: a reader passes over it. */
  decor: (draw: () => void, type?: 'Layout' | 'Pagination') => void;
  /** The left edge of something that begins so far from the start of the line, in a box. */
  fromStart: (
    offset: number,
    width: number,
    box: Readonly<{
      x: number;
      width: number;
    }>,
  ) => number;
  newPage: () => void;
  bytes: () => Promise<Uint8Array>;
}>;
/** Begins a tagged document in a language, with a title, on pages of one size. Text and drawing come in reading order. */
export declare function openSheet({ words, title, author, printedAt }: Look, size: Size): Sheet;
/** The few text styles of the office papers. */
export declare const style: (size: number, weight?: Weight, color?: string) => Style;
