import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Client } from '../../contract/client.ts';
import { type Details, messageOf } from '../../contract/errors.ts';
import type { MedlaneApi } from '../../contract/index.ts';
import type { ApiError } from '../../contract/kit.ts';
import { codeOf, DIALECTS, type World, world } from '../support/clinic.ts';

type Admin = Client<MedlaneApi>;
const DEMO = readFileSync(new URL('../../resources/demo/patients.csv', import.meta.url));
const ROWS = parse(DEMO, { columns: true, bom: true }) as Record<string, string>[];

let clinic: World;
afterEach(() => clinic.close());

const upload = (admin: Admin, text: string | Buffer) =>
  admin.imports.upload({ file: new Blob([text as never]), filename: 'patients.csv' });
const ended = (admin: Admin, id: string) =>
  vi.waitUntil(
    async () => {
      const job = await admin.jobs.get({ id });
      return job.state !== 'running' && job;
    },
    { timeout: 50_000, interval: 50 },
  );
async function run(admin: Admin, file: { id: string; mapping: object }, dryRun = false) {
  const job = await admin.imports.start({ id: file.id, mapping: file.mapping, dryRun });
  return ended(admin, job.id);
}
const stored = async (admin: Admin) => {
  const counts = await Promise.all(
    [false, true].map(async (archived) => {
      let [count, cursor] = [0, undefined as string | undefined];
      do {
        const page = await admin.patients.list({ archived, limit: 500, ...(cursor ? { cursor } : {}) });
        count += page.items.length;
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      return count;
    }),
  );
  return { present: counts[0], archived: counts[1] };
};

describe.each(DIALECTS)('importing patients on %s', (dialect) => {
  it('guesses the columns, dry-runs, adds 1,171 once, and nothing the second time', async () => {
    clinic = await world({ dialect });
    const admin = await clinic.as('admin');
    const file = await upload(admin, DEMO);
    expect(ROWS).toHaveLength(1171);
    expect(file).toMatchObject({ rows: 1171, columns: Object.keys(ROWS[0] as object), sample: ROWS.slice(0, 3) });
    expect(file.mapping).toEqual({
      ...{ externalId: 'Id', birthDate: 'BIRTHDATE', deathDate: 'DEATHDATE', givenName: 'FIRST', familyName: 'LAST' },
      ...{ sex: 'GENDER', address: 'ADDRESS', city: 'CITY', state: 'STATE', postcode: 'ZIP' },
    });

    const dry = await run(admin, file, true);
    expect(dry).toMatchObject({
      state: 'done',
      result: { rows: 1171, added: 1171, known: 0, rejected: 0, dryRun: true },
    });
    expect(await stored(admin)).toEqual({ present: 0, archived: 0 });

    const died = ROWS.filter(({ DEATHDATE }) => DEATHDATE).length;
    const first = await run(admin, file);
    expect(first).toMatchObject({ state: 'done', total: 1171 });
    expect(first.result).toMatchObject({ added: 1171, known: 0, rejected: 0, archived: died });
    expect(await stored(admin)).toEqual({ present: 1171 - died, archived: died });

    const second = await run(admin, await upload(admin, DEMO));
    expect(second.result).toMatchObject({ added: 0, known: 1171, rejected: 0 });
    expect(await stored(admin)).toEqual({ present: 1171 - died, archived: died });

    const { FIRST, LAST, ADDRESS, BIRTHDATE } = ROWS[0] as Record<string, string>;
    const [found] = (await admin.patients.list({ q: `${FIRST} ${LAST}` })).items;
    const record = await admin.patients.get({ id: found?.id ?? '' });
    expect(record).toMatchObject({ name: `${FIRST} ${LAST}`, birthDate: BIRTHDATE, sex: 'male' });
    expect(record.address).toContain(ADDRESS);
  });

  it('stops when it is cancelled, and what is done stays done', async () => {
    clinic = await world({ dialect });
    const admin = await clinic.as('admin');
    const file = await upload(admin, DEMO);
    const job = await admin.imports.start({ id: file.id, mapping: file.mapping });
    await admin.jobs.cancel({ id: job.id });
    expect((await ended(admin, job.id)).state).toBe('cancelled');
    const { present = 0, archived = 0 } = await stored(admin);
    expect(present + archived).toBeLessThan(1171);
    expect(await codeOf(admin.jobs.cancel({ id: job.id }))).toBe('job_ended');
    // The rest can still be taken, by importing again.
    const again = await run(admin, file);
    expect(Number(again.result?.['added']) + Number(again.result?.['known'])).toBe(1171);
    expect(again.result?.['known']).toBe(present + archived);
  });
});

describe('rows that are not taken', () => {
  const CSV = [
    'MRN,Full Name,Date of Birth,Gender,Mobile',
    '1,Ali Khan,1980-01-02,M,0300 1',
    '2,,1980-01-02,F,0300 2',
    '3,"Sara\nMalik",02/01/1980,F,0300 3',
    '4,"=HYPERLINK(""x"")",1980-13-45,F,0300 4',
    `5,${'x'.repeat(201)},1980-01-02,F,0300 5`,
    '6,"Quoted, ""Name""",,O,0300 6',
    '6,The Same Number,,,',
    '',
  ].join('\r\n');

  it('come back as a CSV, each with its line and the reason, safe to open in a spreadsheet', async () => {
    clinic = await world();
    const admin = await clinic.as('admin');
    const file = await upload(admin, `\ufeff${CSV}`);
    expect(file.mapping).toEqual({
      externalId: 'MRN',
      name: 'Full Name',
      birthDate: 'Date of Birth',
      sex: 'Gender',
      phone: 'Mobile',
    });
    expect((await run(admin, file)).result).toMatchObject({
      ...{ rows: 7, added: 2, known: 1, rejected: 4 },
      ...{ 'rejected.name.missing': 1, 'rejected.name.too_long': 1, 'rejected.birthDate.not_a_date': 2 },
    });

    const download = await admin.imports.rejected({ id: file.id });
    const text = await new Response(download.body).text();
    const rows = parse(text, { columns: true, bom: true }) as Record<string, string>[];
    expect(rows.map(({ line, MRN }) => [line, MRN]).sort()).toEqual([
      ['3', '2'],
      ['4', '3'],
      ['5', '4'],
      ['6', '5'],
    ]);
    expect(Object.fromEntries(rows.map(({ MRN, problem, reason }) => [MRN, [problem, reason]]))).toEqual({
      2: ['name.missing', 'name: is missing'],
      3: ['birthDate.not_a_date', 'birthDate: is not a date like 1984-02-29'],
      4: ['birthDate.not_a_date', 'birthDate: is not a date like 1984-02-29'],
      5: ['name.too_long', 'name: is too long'],
    });
    expect(text).not.toMatch(/(^|,)"?=/m);
    // A line break within a cell stays within it for every reader.
    expect(text).toContain('"Sara\nMalik"');
    expect((await admin.patients.list({ q: 'quoted' })).items).toMatchObject([
      { name: 'Quoted, "Name"', sex: 'other' },
    ]);
  });

  it('a finished import says that it has done every row', async () => {
    clinic = await world();
    const admin = await clinic.as('admin');
    expect(await run(admin, await upload(admin, CSV))).toMatchObject({ done: 7, total: 7 });
  });

  it('an import that cannot go on says why by its code, and in words for scripts', async () => {
    clinic = await world();
    const admin = await clinic.as('admin');
    await admin.settings.update({ registrationPattern: 'NNN' });
    const names = Array.from({ length: 1000 }, (_, i) => `Number ${i + 1}`);
    const job = await run(admin, await upload(admin, `name\n${names.join('\n')}\n`));
    expect(job).toMatchObject({ state: 'failed', result: { refusal: 'numbers_exhausted' } });
    expect(job.problem).toBe(messageOf('numbers_exhausted'));
    expect(await stored(admin)).toEqual({ present: 999, archived: 0 });
  });

  it('without a number of their own are known again by name, birth date and phone', async () => {
    clinic = await world();
    const admin = await clinic.as('admin');
    const text = 'name,dob,phone\nAli Khan,1980-01-02,0300 1\nAli Khan,1980-01-02,0300 1\nAli Khan,1981-01-02,0300 1\n';
    const file = await upload(admin, text);
    expect((await run(admin, file)).result).toMatchObject({ added: 2, known: 1 });
    expect((await run(admin, file)).result).toMatchObject({ added: 0, known: 3 });
  });

  it('a file that is no CSV is refused with what is wrong, and only an administrator may import', async () => {
    clinic = await world();
    const admin = await clinic.as('admin');
    const wrong: [string, Details, RegExp][] = [
      ['', { problem: 'no_rows' }, /no rows/],
      ['only,a,header\n', { problem: 'no_rows' }, /no rows/],
      ['a,b\n1,2,3\n', { problem: 'columns', line: 2 }, /line 2 .* columns/],
      ['a,b\n1,2\n"unclosed,2\n', { problem: 'quotes', line: 3 }, /quotation mark .* line 3/],
    ];
    for (const [text, facts, message] of wrong) {
      const error = await upload(admin, text).catch((refusal: ApiError) => refusal);
      expect(error).toMatchObject({ code: 'file_unreadable', facts, message: expect.stringMatching(message) });
    }
    const rosa = await clinic.as('rosa', 'receptionist');
    expect(await codeOf(upload(rosa, CSV))).toBe('forbidden');
    expect(await codeOf(admin.imports.start({ id: 'nothing', mapping: {} }))).toBe('file_gone');
  });
});
