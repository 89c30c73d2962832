import fc from 'fast-check';
import { expect, it } from 'vitest';
import { linkAmong, placeOfLink } from './deep-link.ts';

const ID = '0198c0de-0000-7000-8000-00000000000a';

it.each([
  ['medlane://patient/07-31-004', '/open/patient/07-31-004'],
  ['medlane://patient/R2-P014/', '/open/patient/R2-P014'],
  ['medlane://patient/07%2F31%2F004', '/open/patient/07%2F31%2F004'],
  [`medlane://visit/${ID}`, `/open/visit/${ID}`],
  [`medlane://board/${ID}`, `/open/board/${ID}`],
])('%s opens %s', (link, place) => expect(placeOfLink(link)).toBe(place));

it.each([
  'medlane://patient/',
  'medlane://patient',
  'medlane://patient/ab',
  'medlane://patient/Ada Lovelace',
  'medlane://patient/%3Cscript%3E',
  'medlane://patient/07-31-004/../../admin',
  'medlane://patient/07-31-004?print=1',
  'medlane://patient/07-31-004#x',
  'medlane://patient/%E0%A4%A',
  'medlane://visit/1',
  `medlane://visit/${ID}x`,
  `medlane://admin/${ID}`,
  `medlane://user@board/${ID}`,
  `medlane:board/${ID}`,
  `MEDLANE://board/${ID}`,
  `https://board/${ID}`,
  'javascript:alert(1)',
  '',
])('%s opens nothing', (link) => expect(placeOfLink(link)).toBeNull());

it('whatever a link says, the place is one of three, with one plain name in it', () => {
  let opened = 0;
  const text = fc.oneof(
    fc.webPath(),
    fc.string(),
    fc.stringMatching(/^\/[\w.%/-]{1,40}$/),
    fc.stringMatching(/^\/[A-Z0-9.-]{1,20}$/),
  );
  fc.assert(
    fc.property(fc.constantFrom('patient', 'visit', 'board', 'users'), text, (kind, rest) => {
      const place = placeOfLink(`medlane://${kind}${rest}`);
      if (place === null) return;
      opened += 1;
      expect(place).toMatch(/^\/open\/(patient|visit|board)\/[\w.%-]+$/);
      expect(decodeURIComponent(place)).not.toMatch(/[\s<>"'?#&]/);
    }),
    { numRuns: 5000 },
  );
  expect(opened).toBeGreaterThan(50);
});

it('is found among the arguments of a second start', () => {
  expect(linkAmong(['medlane', '--demo', 'medlane://visit/1'])).toBe('medlane://visit/1');
  expect(linkAmong(['medlane', '--demo'])).toBeNull();
});
