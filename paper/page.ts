import PDFDocument from 'pdfkit';
import type { Weight } from './fonts.ts';
import { type Direction, drawText, type Paragraph, type Style, spokenText, typeset, withoutMarks } from './text.ts';
import type { Words } from './words.ts';

type Doc = PDFKit.PDFDocument;
type Element = PDFKit.PDFStructureElement;

export const mm = (millimetres: number): number => (millimetres * 72) / 25.4;
export const A4: Size = [mm(210), mm(297)];
export const A6: Size = [mm(105), mm(148)];
/** The bank-card size of ISO/IEC 7810 ID-1. */
export const CR80: Size = [mm(85.6), mm(53.98)];
export type Size = readonly [width: number, height: number];

/** Colours of the office papers; a roll knows black alone. */
export const INK = {
  text: '#17212b',
  muted: '#4b5663',
  line: '#cdd5dd',
  pale: '#eef3f6',
  accent: '#17677f',
  alert: '#a3231e',
};

/** What every paper needs to know beside its facts. */
export type Look = Readonly<{ words: Words; title: string; author: string; printedAt: number }>;

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
  fromStart: (offset: number, width: number, box: Readonly<{ x: number; width: number }>) => number;
  newPage: () => void;
  bytes: () => Promise<Uint8Array>;
}>;

/** Begins a tagged document in a language, with a title, on pages of one size. Text and drawing come in reading order. */
export function openSheet({ words, title, author, printedAt }: Look, size: Size): Sheet {
  const { direction } = words;
  const doc = new PDFDocument({
    size: [...size],
    margin: 0,
    pdfVersion: '1.7',
    lang: words.language,
    tagged: true,
    displayTitle: true,
    // A third smaller is not worth a quarter of the time: it goes over the clinic's own network, once.
    compress: false,
    bufferPages: true,
    // No font until one is asked for: pdfkit's own would be embedded by name only.
    font: null as unknown as string,
    info: {
      Title: withoutMarks(title),
      Author: author,
      Creator: 'Medlane',
      Producer: 'Medlane',
      CreationDate: new Date(printedAt),
    },
  });
  const root = doc.struct('Document');
  doc.addStructure(root);

  const part: Sheet['part'] = (tag, within = root) => {
    const element = doc.struct(tag);
    within.add(element);
    return element;
  };
  return {
    doc,
    direction,
    part,
    set: (text, style, width) => typeset(text, style, words, width),
    draw: (paragraph, x, y) => drawText(doc, paragraph, x, y, direction),
    put(tag, paragraph, x, y, within = root) {
      const actual = spokenText(paragraph);
      const options = { ...(actual ? { actual } : {}), ...(tag === 'TH' ? { scope: 'Column' } : {}) };
      within.add(doc.struct(tag, options, [() => drawText(doc, paragraph, x, y, direction)]));
    },
    figure(alt, draw) {
      root.add(doc.struct('Figure', { alt }, [draw]));
    },
    decor(draw, type = 'Layout') {
      doc.markContent('Artifact', { type });
      doc.save();
      draw();
      doc.restore();
      doc.endMarkedContent();
    },
    fromStart: (offset, width, box) => (direction === 'ltr' ? box.x + offset : box.x + box.width - offset - width),
    newPage: () => void doc.addPage(),
    async bytes() {
      root.end();
      doc.end();
      const chunks: Buffer[] = [];
      for await (const chunk of doc) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    },
  };
}

/** The few text styles of the office papers. */
export const style = (size: number, weight: Weight = 'regular', color: string = INK.text): Style => ({
  size,
  weight,
  color,
});
