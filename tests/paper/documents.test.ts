import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { PAPER_LANGUAGES, type PaperLanguage } from '../../domain/paper.ts';
import { papersIn } from './samples.ts';

/** A program of poppler's, as any reader would see the file. */
const ask = (program: string, pdf: Uint8Array, ...args: string[]): string =>
  spawnSync(program, [...args, '-'], { input: pdf }).stdout.toString();
/** The text as it is copied out: without line ends and the marks that only order it. */
const copied = (pdf: Uint8Array): string =>
  spawnSync('pdftotext', ['-', '-'], { input: pdf })
    .stdout.toString()
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/\s+/g, ' ');
const factsOf = (pdf: Uint8Array) =>
  Object.fromEntries(
    ask('pdfinfo', pdf)
      .split('\n')
      .map((line) => line.split(/:\s+/, 2)),
  ) as Record<string, string>;

describe.each(PAPER_LANGUAGES)('every paper in %s', (language) => {
  const papers = papersIn(language);
  const all = {
    slip: () => papers.slip('80'),
    summary: papers.summary,
    report: papers.report,
    card: () => papers.card('cr80'),
  };

  it.each(Object.entries(all))(
    '%s is tagged, has a title, names its language and embeds its letters',
    async (_, make) => {
      const pdf = await make();
      const facts = factsOf(pdf);
      expect(facts).toMatchObject({ Tagged: 'yes', Author: papers.texts.clinic, Creator: 'Medlane' });
      expect(facts['Title']).toMatch(/A-012|2026|26-11-0042/);
      const plain = Buffer.from(pdf).toString('latin1');
      expect(plain).toContain(`/Lang (${language})`);
      expect(plain).toContain('/DisplayDocTitle true');
      expect(ask('pdfinfo', pdf, '-struct')).toMatch(/^Document\n {2}(P|H1|H2) /m);
      const fonts = ask('pdffonts', pdf).split('\n').slice(2).filter(Boolean);
      expect(fonts.length).toBeGreaterThan(0);
      // Columns: name, type, encoding, embedded, subset, unicode.
      for (const font of fonts) expect(font).toMatch(/ yes yes yes /);
    },
  );
});

describe('text is copied out in its own order', () => {
  const TOLD: Record<PaperLanguage, string[]> = {
    en: ['Rosewood Family Clinic', 'Your number A-012', '10–25 min', 'Copy 2'],
    ur: ['گلاب فیملی کلینک', 'آپ کا نمبر', 'A-012', 'عام معائنہ', 'براہِ کرم قریب ہی رہیں۔', 'متوقع انتظار'],
    hi: ['गुलाब फैमिली क्लिनिक', 'आपका नंबर', 'सामान्य चिकित्सा', 'प्रति', 'अनुमानित प्रतीक्षा'],
    fil: ['Klinikang Rosewood ng Pamilya', 'Ang iyong numero', 'Kopya 2'],
  };
  it.each(PAPER_LANGUAGES)('of a slip in %s', async (language) => {
    const text = copied(await papersIn(language).slip('80'));
    for (const told of TOLD[language]) expect(text).toContain(told);
  });

  it('of Latin names, numbers and brackets within Urdu, and of English within an Urdu paper', async () => {
    const text = copied(await papersIn('ur').summary());
    for (const told of [
      'Paracetamol 500 mg',
      'Amoxicillin 500 mg (if needed) – see the sheet.',
      '26-11-0042',
      'پینسلین (خارش)',
    ])
      expect(text).toContain(told);
  });
});

describe('a slip', () => {
  it('tells nothing about who holds it', async () => {
    const text = copied(await papersIn('en').slip('80'));
    for (const secret of ['Maria', 'Gonzalez', '26-11-0042', '1984']) expect(text).not.toContain(secret);
  });

  it('is as wide as its paper, and on a roll as long as what stands on it', async () => {
    const sizes = await Promise.all((['58', '80', 'a6'] as const).map((format) => papersIn('en').slip(format)));
    const [small, large, sheet] = sizes.map(
      (pdf) => (factsOf(pdf)['Page size'] ?? '').match(/[\d.]+/g)?.map(Number) ?? [],
    );
    expect(small?.[0]).toBeCloseTo(58 * (72 / 25.4), 0);
    expect(large?.[0]).toBeCloseTo(80 * (72 / 25.4), 0);
    expect(small?.[1]).toBeLessThan(large?.[1] ?? 0);
    expect(sheet?.map(Math.round)).toEqual([298, 420]);
  });

  it('says which copy it is, and nothing on the first', async () => {
    const papers = papersIn('en');
    expect(copied(await papers.slip('80', 1))).not.toMatch(/Copy|Preview/);
    expect(copied(await papers.slip('80', 3))).toContain('Copy 3');
    expect(copied(await papers.slip('80', null))).toContain('Preview');
  });
});
