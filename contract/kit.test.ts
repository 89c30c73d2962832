import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { COMMON_ERRORS, DESK_ERRORS, ERRORS, type ErrorCode, messageOf, statusOf } from './errors.ts';
import { api } from './index.ts';
import {
  ApiError,
  command,
  flag,
  integer,
  listOf,
  listOperations,
  pageInput,
  parseInput,
  query,
  routeOf,
} from './kit.ts';
import { printing } from './printing.ts';

const change = command({
  route: 'PATCH /shelves/{shelfId}/books/{bookId}',
  summary: 'Changes a book.',
  who: ['admin'],
  input: z.object({ shelfId: z.string(), bookId: z.string(), title: z.string().trim().min(1), pages: integer(1, 9) }),
  output: z.object({ bookId: z.string(), title: z.string(), version: z.int() }),
  errors: ['not_found'],
});
const good = { shelfId: 's', bookId: 'b', title: ' Title ', pages: 3 };

const complaintsOf = (given: Record<string, unknown>) => {
  try {
    parseInput(change, given);
    return [];
  } catch (error) {
    const { code, fields } = error as ApiError;
    expect(code).toBe('validation_failed');
    return fields.map(({ field }) => field);
  }
};

describe('parseInput', () => {
  it('gives what the handler gets: trimmed, converted, complete', () => {
    expect(parseInput(change, { ...good, pages: '3' })).toEqual({ ...good, title: 'Title' });
  });

  it('leaves out what the operation answers with but does not take', () => {
    expect(parseInput(change, { ...good, version: 99 })).not.toHaveProperty('version');
  });

  it('still reads a field that is both taken and answered', () => {
    expect(complaintsOf({ ...good, title: '' })).toEqual(['title']);
  });

  it('names every field that is wrong, missing or unknown', () => {
    expect(complaintsOf({ ...good, titel: 'x' })).toEqual(['titel']);
    expect(complaintsOf({ shelfId: 's', pages: 10 }).sort()).toEqual(['bookId', 'pages', 'title']);
  });

  it('takes no field that JavaScript itself puts on objects', () => {
    for (const name of ['constructor', 'toString', 'hasOwnProperty', '__proto__']) {
      const given = JSON.parse(`{"shelfId":"s","bookId":"b","title":"t","pages":1,"${name}":{"admin":true}}`);
      expect(complaintsOf(given), name).toEqual([name]);
    }
  });

  it('reads an operation whose answer is not an object', () => {
    const text = query({
      route: 'GET /x',
      summary: '',
      who: 'public',
      input: z.object({}),
      output: z.string(),
      errors: [],
    });
    expect(parseInput(text, {})).toEqual({});
    expect(() => parseInput(text, { length: 3 })).toThrow(ApiError);
  });
});

describe('routeOf', () => {
  it('gives the method, the path and the names in it', () => {
    expect(routeOf(change)).toEqual({
      method: 'PATCH',
      path: '/shelves/{shelfId}/books/{bookId}',
      params: ['shelfId', 'bookId'],
    });
    expect(routeOf(api.system.health)).toEqual({ method: 'GET', path: '/health', params: [] });
  });

  it('is another one for each operation, and each name in it is a field of the input', () => {
    const operations = listOperations(api);
    expect(new Set(operations.map(({ operation }) => operation.route.replace(/\{\w+\}/g, '{}'))).size).toBe(
      operations.length,
    );
    for (const { name, operation } of operations) {
      for (const param of routeOf(operation).params) expect(operation.input.shape, name).toHaveProperty(param);
    }
  });
});

describe('values that may arrive as text', () => {
  const whole = integer(1, 10);
  it.each([1, 10, '1', '10'])('%j is a whole number from 1 to 10', (value) => {
    expect(whole.parse(value)).toBe(Number(value));
  });
  it.each([0, 11, 1.5, '0', 'five', '5 apples', {}, undefined, '1.5', Number.NaN])('%j is none', (value) => {
    expect(whole.safeParse(value).success).toBe(false);
  });
  it.each([null, '', ' ', [], true, false, [7]].map((value) => ({ value })))(
    '$value is no whole number',
    ({ value }) => {
      expect(integer(0, 10).safeParse(value).success).toBe(false);
    },
  );

  it('a flag is a boolean or one of two words', () => {
    expect([true, false, 'true', 'false'].map((value) => flag().parse(value))).toEqual([true, false, true, false]);
    for (const wrong of ['yes', '1', 1, 0, null, '', 'TRUE']) expect(flag().safeParse(wrong).success).toBe(false);
  });

  it('a list is one value, several with commas, or an array', () => {
    const colours = listOf(z.enum(['red', 'blue']));
    expect(colours.parse('red')).toEqual(['red']);
    expect(colours.parse('red,blue,')).toEqual(['red', 'blue']);
    expect(colours.parse(['blue'])).toEqual(['blue']);
    expect(colours.safeParse('red,green').success).toBe(false);
    expect(listOf(z.string()).safeParse('a,'.repeat(201)).success).toBe(false);
  });

  it('a page is sorted by its columns only, either way, and is never endless', () => {
    const input = z.object(pageInput(['name', 'at']));
    expect(input.parse({})).toEqual({ limit: 50 });
    expect(input.parse({ sort: '-at', limit: '500' })).toEqual({ sort: '-at', limit: 500 });
    for (const wrong of [{ sort: 'salary' }, { sort: '--at' }, { limit: 501 }, { limit: 0 }]) {
      expect(input.safeParse(wrong).success).toBe(false);
    }
  });
});

describe('messageOf', () => {
  it('fills in the details, and names one that is missing', () => {
    expect(messageOf('queue_closed', { queue: 'A' })).toBe(
      'Queue A is closed. Open it first, or choose another queue.',
    );
    expect(messageOf('queue_closed')).toContain('Queue queue is closed');
    expect(messageOf('unauthenticated')).toBe('Please sign in.');
  });

  it('does not read a detail as a pattern of its own', () => {
    expect(messageOf('name_taken', { name: '$& {name}' })).toBe('The name $& {name} is already used.');
  });

  it('says a problem in words, with its own details', () => {
    expect(messageOf('weak_password', { problem: 'personal', word: 'rosa' })).toBe(
      'Choose another password: it must not contain “rosa”.',
    );
  });

  it('an ApiError has the message, the status and the code of the table', () => {
    const error = new ApiError('locked_out', { facts: { minutes: 5 } });
    expect([error.status, error.message]).toEqual([
      429,
      'Too many wrong passwords. Wait 5 minutes, or ask an administrator.',
    ]);
  });
});

describe('the table of refusals', () => {
  const codes = Object.keys(ERRORS) as ErrorCode[];
  it('says in sentences what to do, with a status that is an error', () => {
    for (const code of codes) {
      expect(statusOf(code), code).toBeGreaterThanOrEqual(400);
      expect(ERRORS[code][1], code).toMatch(/^[A-Z].*[.}]$/);
    }
  });

  it('says of what needs a fresh proof, and of nothing else, that it asks for one', () => {
    const [fresh, asking] = [
      listOperations(api).filter(({ operation }) => operation.fresh),
      listOperations(api).filter(({ operation }) => operation.errors.includes('step_up' as never)),
    ].map((operations) => operations.map(({ name }) => name));
    expect(fresh).toEqual(asking);
    expect(fresh).toContain('audit.export');
  });

  it('holds no refusal that nothing answers', () => {
    const declared = new Set<string>([...COMMON_ERRORS, ...DESK_ERRORS]);
    for (const { operation } of listOperations({ ...api, printing }))
      for (const code of operation.errors) declared.add(code);
    expect(codes.filter((code) => !declared.has(code))).toEqual([]);
  });
});
