/** The languages that papers are printed in: each has its file in `resources/translations/paper`. */
export const PAPER_LANGUAGES = ['en', 'ur', 'hi', 'fil'] as const;
export type PaperLanguage = (typeof PAPER_LANGUAGES)[number];

/** A slip comes on a roll of 58 or 80 mm, or on A6. */
export const SLIP_FORMATS = ['58', '80', 'a6'] as const;
export type SlipFormat = (typeof SLIP_FORMATS)[number];

/** A card is printed on its own stock, or on A4 to be cut out. */
export const CARD_FORMATS = ['cr80', 'a4'] as const;
export type CardFormat = (typeof CARD_FORMATS)[number];

/** The counter of a paper that is printed for somebody: its first number is the original, the others are copies. */
export const copySeries = (paper: 'slip' | 'card', id: string): string => `print ${paper} ${id}`;
