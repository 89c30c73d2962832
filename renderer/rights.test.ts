import { describe, expect, it } from 'vitest';
import { clock } from './clock.ts';
import { mayAsk } from './rights.ts';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const at = (ms: number) => new Date(clock.now() + ms).toISOString();
const nurseWith = (from: number, until: number | null) => ({
  roles: ['nurse' as const],
  grants: [{ feature: 'audit', level: 'read' as const, from: at(from), until: until === null ? null : at(until) }],
});

describe('what was granted beyond a role', () => {
  it('is shown at once, also where this clock is a little behind the server’s', () => {
    expect(mayAsk(nurseWith(-HOUR, null), 'audit.list')).toBe(true);
    expect(mayAsk(nurseWith(5 * SECOND, null), 'audit.list')).toBe(true);
  });

  it('is not shown before its time, after it, or further than it goes', () => {
    expect(mayAsk(nurseWith(HOUR, null), 'audit.list')).toBe(false);
    expect(mayAsk(nurseWith(-2 * HOUR, -HOUR), 'audit.list')).toBe(false);
    expect(mayAsk(nurseWith(-HOUR, null), 'audit.verify')).toBe(false);
  });
});
