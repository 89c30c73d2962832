import { describe, expect, it } from 'vitest';
import { PAPER_LANGUAGES } from '../../domain/paper.ts';
import { createLetters, LETTERS } from './letters.ts';

const write = createLetters(new URL('../../resources/', import.meta.url));
const FACTS = { clinic: 'Al-Shifa', code: '012345', minutes: 5 };

describe.each(PAPER_LANGUAGES)('letters, in %s', (language) => {
  it.each(LETTERS)('%s says all that it should, in its own words, and leads nowhere', (kind) => {
    const letter = write(kind, language, FACTS);
    for (const part of Object.values(letter)) {
      expect(part).toContain('Al-Shifa');
      expect(part).not.toMatch(/\{\{|\.(text|end|subject)\b|https?:/);
    }
    expect(letter.text.split('\n')).toContain('012345');
    expect(letter.html).toContain('>012345<');
    expect(letter.text).toMatch(/\b5\b/);
    if (language !== 'en') expect(letter.text).not.toBe(write(kind, 'en', FACTS).text);
  });
});

describe('what stands in a letter', () => {
  it('is text, also where it looks like a tag or another line', () => {
    const { html, subject } = write('reset', 'en', { ...FACTS, clinic: '<b>A & B</b>\r\nBcc: x@y.example' });
    expect(html).toContain('&lt;b&gt;A &amp; B&lt;');
    expect(html).not.toContain('<b>A');
    expect(subject).toBe('<b>A & B</b> Bcc: x@y.example: a new password');
  });
});
