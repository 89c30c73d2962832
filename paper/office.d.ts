import { type Look, type Sheet } from './page.ts';
import type { Style } from './text.ts';
/** Who a paper is from, as the settings say. */
export type Letterhead = Readonly<{
  clinic: string;
  address: string | null;
  phone: string | null;
  /** The last line of every page. */
  footer: string | null;
  /** PNG. */
  logo: Uint8Array | null;
}>;
declare const BOX: {
  x: number;
  width: number;
};
/** An office paper being written from top to bottom, over as many pages as it needs. */
export type Office = Readonly<{
  sheet: Sheet;
  box: typeof BOX;
  /** Takes so much of the page, or of a new one where it does not fit, and answers where that begins. */
  take: (height: number) => number;
  /** Begins another page when so much does not fit on this one; whether it did. */
  room: (height: number) => boolean;
  gap: (points: number) => void;
  text: (tag: string, text: string, look: Style) => void;
  /** With so much of what follows on the same page. */
  heading: (text: string, together?: number) => void;
  /** Moves to where the last so many points of the page begin. */
  sink: (height: number) => number;
  bytes: () => Promise<Uint8Array>;
}>;
export declare function openOffice(look: Look, letterhead: Letterhead, by: string): Office;
