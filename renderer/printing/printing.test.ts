import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../../contract/kit.ts';
import { createPrinting, type Deliver, type Printing, type Wanted } from './printing.ts';

let printing: Printing;
const deliver = vi.fn<Deliver>();
const pauses: number[] = [];
const off = () => Promise.reject(new ApiError('not_printed'));

beforeEach(() => {
  pauses.length = 0;
  deliver.mockReset();
  deliver.mockResolvedValue(undefined);
  printing = createPrinting({
    deliver,
    pause: async (ms) => void pauses.push(ms),
    isPassing: (error) => error instanceof ApiError && error.code === 'not_printed',
  });
});

const slip = (key: string, change: Partial<Wanted> = {}): Wanted => ({
  key,
  what: `Slip ${key}`,
  tray: 'slip',
  fetch: async () => ({ filename: 'a.pdf', media: 'application/pdf', body: new Blob([key]).stream() }),
  ...change,
});
const states = () => printing.jobs.get().map(({ key, state }) => `${key} ${state}`);
const settled = () => vi.waitFor(() => expect(states().every((job) => job.endsWith('failed'))).toBe(true));
const printed = () => Promise.all(deliver.mock.calls.map(([pdf]) => pdf.text()));

describe('printing', () => {
  it('answers at once and prints one paper after the other, in their order', async () => {
    for (const key of ['A', 'B', 'C']) printing.print(slip(key));
    expect(states()).toEqual(['A printing', 'B waiting', 'C waiting']);
    await settled();
    expect([await printed(), states()]).toEqual([['A', 'B', 'C'], []]);
  });

  it('tries again by itself, a little later each time', async () => {
    deliver.mockImplementationOnce(off).mockImplementationOnce(off);
    printing.print(slip('A'));
    await settled();
    expect([states(), pauses, deliver.mock.calls.length]).toEqual([[], [1000, 4000], 3]);
  });

  it('leaves what keeps failing for a person, and prints the others meanwhile', async () => {
    deliver.mockImplementation(async (pdf) => ((await pdf.text()) === 'A' ? off() : undefined));
    printing.print(slip('A'));
    printing.print(slip('B'));
    await settled();
    expect(states()).toEqual(['A failed']);
    deliver.mockResolvedValue(undefined);
    printing.again('A');
    await settled();
    expect(states()).toEqual([]);
  });

  it('does not insist on what was refused', async () => {
    const fetch = vi.fn(() => Promise.reject(new ApiError('forbidden')));
    printing.print(slip('A', { fetch }));
    await settled();
    expect([states(), fetch.mock.calls.length]).toEqual([['A failed'], 1]);
    printing.dismiss('A');
    expect(states()).toEqual([]);
  });

  it('takes the same paper, wanted again before it is out, for the same', async () => {
    printing.print(slip('A'));
    printing.print(slip('A'));
    await settled();
    expect(await printed()).toEqual(['A']);
    printing.print(slip('A'));
    await settled();
    expect(await printed()).toEqual(['A', 'A']);
  });

  it('forgets what is not printed when somebody else sits there', async () => {
    deliver.mockImplementation(off);
    printing.print(slip('A'));
    await settled();
    printing.clear();
    expect(states()).toEqual([]);
  });
});
