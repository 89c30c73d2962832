import { describe, expect, it } from 'vitest';
import { PAPER_LANGUAGES } from '../../domain/paper.ts';
import { picturesOf, TOLERATED, unlike } from './pictures.ts';
import { papersIn } from './samples.ts';

/** Every page as a picture, beside the one that somebody looked at. */
describe.each(PAPER_LANGUAGES)('on paper in %s', (language) => {
  const papers = papersIn(language);
  it.each([
    ['slip-58', () => papers.slip('58')],
    ['slip-80', () => papers.slip('80')],
    ['slip-a6', () => papers.slip('a6')],
    ['summary', papers.summary],
    ['report', papers.report],
    ['card-cr80', () => papers.card('cr80')],
    ['card-a4', () => papers.card('a4')],
  ])('%s looks as it did', async (name, make) => {
    const pages = picturesOf(await make());
    expect(pages.length).toBeGreaterThan(0);
    for (const [page, picture] of pages.entries())
      expect(unlike(`${language}-${name}-${page + 1}`, picture), `page ${page + 1}`).toBeLessThanOrEqual(TOLERATED);
  });
});
