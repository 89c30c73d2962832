import { spawnSync } from 'node:child_process';

/** The text of a PDF, as poppler reads it. */
export const textOf = (pdf: Uint8Array): string =>
  spawnSync('pdftotext', ['-layout', '-', '-'], { input: pdf }).stdout.toString();
