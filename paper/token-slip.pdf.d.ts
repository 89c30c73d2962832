import type { SlipFormat } from '../domain/paper.ts';
import { type Look } from './page.ts';
/** What a slip tells: nothing about who holds it, for it may be lost. */
export type SlipFacts = Readonly<{
  clinic: string;
  token: string;
  queue: string;
  /** The room that alone may call them. */
  room: string | null;
  /** How many are before them; null when they no longer wait. */
  ahead: number | null;
  wait: Readonly<{
    low: number;
    high: number;
  }> | null;
  arrivedAt: number;
  /** 1 is the original; null for a look at it before it is printed. */
  copy: number | null;
}>;
/** The slip that comes out at the front desk. On a roll the page is as long as what stands on it. */
export declare function tokenSlip(facts: SlipFacts, format: SlipFormat, look: Look): Promise<Uint8Array>;
