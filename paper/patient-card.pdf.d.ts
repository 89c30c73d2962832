import type { CardFormat } from '../domain/paper.ts';
import { type Look } from './page.ts';
export type CardFacts = Readonly<{
  clinic: string;
  phone: string | null;
  name: string;
  identified: boolean;
  number: string;
  birthDate: string | null;
  birthDateEstimated: boolean;
  /** 1 is the original; null for a look at it before it is printed. */
  copy: number | null;
}>;
/** A card to keep: on card stock of its own size, or on a sheet to cut out. */
export declare function patientCard(facts: CardFacts, format: CardFormat, look: Look): Promise<Uint8Array>;
