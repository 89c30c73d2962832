import { type Font as ParsedFont } from 'fontkit';
/** One typeface a script; Urdu is read in Nastaliq. */
export type Face = 'latin' | 'arabic' | 'devanagari';
export type Weight = 'regular' | 'bold';
/** How far lines reach over and under the baseline, in em: Nastaliq descends along its words, so they begin high. */
export declare const REACH: Record<
  Face,
  {
    up: number;
    down: number;
  }
>;
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
export declare const RIGHT_TO_LEFT = 'rtla';
/** Opened at first use and kept: parsing is dear, and every document embeds a subset of its own. */
export declare function fontOf(face: Face, weight: Weight): Font;
