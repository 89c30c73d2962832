import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DOCUMENT_GROUPS, DOCUMENT_KINDS, DOCUMENTS, fieldsOf, isThere, lastFour } from './identity-documents.ts';

describe('the kinds of identity documents', () => {
  it('are at least one of each group', () => {
    const groups = new Set(DOCUMENT_KINDS.map((kind) => DOCUMENTS[kind].group));
    expect([...groups].sort()).toEqual([...DOCUMENT_GROUPS].sort());
  });

  it('can all be completed, and need something to look at as well as every number', () => {
    for (const kind of DOCUMENT_KINDS) {
      const fields = fieldsOf(kind).map(({ name }) => name);
      expect(isThere(kind, { fields, files: 1 })).toBe(true);
      expect(isThere(kind, { fields, files: 0 })).toBe(false);
      if (fields.length > 0) expect(isThere(kind, { fields: fields.slice(1), files: 1 })).toBe(false);
    }
  });
});

it('shows at most four characters of a number, and never more than half of it', () => {
  expect(lastFour('234123412346')).toBe('2346');
  expect(lastFour('A17')).toBe('7');
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), (value) => {
      const shown = lastFour(value);
      expect(value.endsWith(shown)).toBe(true);
      expect(shown.length).toBeLessThanOrEqual(Math.min(4, value.length / 2));
    }),
  );
});
