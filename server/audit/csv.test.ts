import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createCsvBytes } from './csv.ts';

/** Text of the letters that need care, JSON, and any other. */
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'",\r\n\t=+-@\uFF1D\uFF0B\uFF0D\uFF20\'{ aé') }),
  fc.string({ unit: fc.constantFrom(...'abcé پ😀') }),
  fc.string({ unit: 'grapheme' }).map((inner) => JSON.stringify({ inner })),
  fc.string({ unit: 'grapheme', minLength: 100 }),
);

it('writes rows as csv-stringify does', () => {
  const rows = fc.array(fc.array(text, { minLength: 2, maxLength: 9 }), { maxLength: 9 });
  fc.assert(
    fc.property(rows, fc.nat(200), (some, room) => {
      const csv = createCsvBytes(room);
      for (const cells of some) csv.row(cells);
      const expected = stringify(some, {
        record_delimiter: 'windows',
        quote_record_delimiter: true,
        escape_formulas: true,
      });
      expect(csv.size()).toBe(Buffer.byteLength(expected));
      expect(Buffer.from(csv.take()).toString()).toBe(expected);
      expect(csv.take()).toHaveLength(0);
    }),
    { numRuns: 2000 },
  );
});
