import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isolate, LATIN, type Paragraph, typeset, type Writing } from './text.ts';

const URDU: Writing = { direction: 'rtl', face: 'arabic' };
const PLAIN = { size: 10 };

/** The runs of each line, from the left edge of the paper. */
const fromLeft = ({ lines }: Paragraph) => lines.map(({ runs }) => runs.map(({ text }) => text));

describe('what stands where', () => {
  it('puts Latin and numbers within Urdu in their own order, the first word at the right', () => {
    const [line = []] = fromLeft(typeset('ٹوکن A-012 کمرہ 3', PLAIN, URDU));
    expect(line.map((run) => run.trim()).filter(Boolean)).toEqual(['3', 'کمرہ', 'A-012', 'ٹوکن']);
  });

  it('keeps what is isolated together, whatever stands around it', () => {
    const [line = []] = fromLeft(typeset(`${isolate('2:16 PM')}، ${isolate('Dr. Khan')}`, PLAIN, URDU));
    const order = line.map((run) => run.trim()).filter(Boolean);
    expect(order).toEqual(['Dr. Khan', '،', '2:16 PM']);
  });

  it('breaks lines before it orders them: the first words of a text are on the first line', () => {
    const text = 'پہلا دوسرا تیسرا چوتھا پانچواں چھٹا ساتواں';
    const { lines } = typeset(text, PLAIN, URDU, 60);
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.map((line) => line.text).join(' ')).toBe(text);
  });

  it('lets a text that somebody typed have the direction of its first letter', () => {
    const typed = { ...PLAIN, direction: 'auto' as const };
    expect(fromLeft(typeset('Panadol دو گولی', typed, URDU))[0]?.[0]).toContain('Panadol');
    expect(fromLeft(typeset('دو گولی Panadol', typed, LATIN))[0]?.at(-1)).toContain('دو گولی');
  });

  it('takes each letter from the typeface of its script', () => {
    const faces = typeset('Maria मरिया مریم 7', PLAIN, LATIN).lines[0]?.runs.map(({ font, text }) => [
      font.face,
      text.trim(),
    ]);
    expect(faces?.filter(([, text]) => text)).toEqual([
      ['latin', 'Maria'],
      ['devanagari', 'मरिया'],
      ['latin', '7'],
      ['arabic', 'مریم'],
    ]);
  });

  it('has a letter for everything that the four languages write', () => {
    const { runs = [] } =
      typeset('Ññ éü “„” …–— ½ °C × ₱ ₹ ٹ ڈ ڑ ں ے ۓ ۃ ؟ ؛ ۔ ٪ क़ ख़ ड़ ज़ ॐ । ॥', PLAIN, LATIN).lines[0] ?? {};
    const missing = runs.flatMap(({ font, text }) =>
      [...text].filter((letter) => !font.has(letter.codePointAt(0) as number)),
    );
    expect(missing).toEqual([]);
  });
});

describe('whatever is written', () => {
  const words = fc.array(
    fc.constantFrom(
      'Maria',
      'A-012',
      '38.4',
      '(if',
      'needed)',
      'محمد',
      'کمرہ',
      '۔',
      'डॉक्टर',
      'क्षत्रिय',
      'Incomprehensibilities',
    ),
    {
      minLength: 1,
      maxLength: 30,
    },
  );
  const writing = fc.constantFrom(LATIN, URDU, { direction: 'ltr', face: 'devanagari' } as Writing);
  const align = fc.constantFrom('start' as const, 'center' as const, 'end' as const);

  it('every letter is set once, and no line is wider than the paper', () => {
    fc.assert(
      fc.property(words, writing, align, fc.integer({ min: 25, max: 400 }), (some, how, where, width) => {
        const text = some.join(' ');
        const { lines } = typeset(text, { ...PLAIN, align: where }, how, width);
        const letters = (of: string) => [...of.replace(/\s/g, '')].sort().join('');
        expect(letters(lines.flatMap(({ runs }) => runs.map((run) => run.text)).join(''))).toBe(letters(text));
        expect(
          lines
            .map((line) => line.text)
            .join('')
            .replace(/\s/g, ''),
        ).toBe(text.replace(/\s/g, ''));
        for (const line of lines) expect(line.width).toBeLessThanOrEqual(width + 0.001);
      }),
      { numRuns: 150 },
    );
  });
});
