import { describe, expect, it } from 'vitest';
import { keyOfPhone, keysOf, namesOf } from './people.ts';

const rosa = { username: 'Rosa.D', code: 'K7M2QX', email: 'Rosa@Clinic.example', phone: '+63 917 123 4567' };
const isRosa = (typed: string) => keysOf(typed).some((key) => namesOf(rosa).some((name) => name.key === key));

describe('what people type at the door', () => {
  it.each(['rosa.d', ' ROSA.D ', 'k7m2qx', 'rosa@clinic.example', '0917 123 4567', '+639171234567', '(0917) 123-4567'])(
    'R2: %j is Rosa',
    (typed) => expect(isRosa(typed)).toBe(true),
  );
  it.each(['rosa', '7m2qx', 'rosa@clinic', '123 4567', '0917 123 4568', ''])('%j is somebody else', (typed) =>
    expect(isRosa(typed)).toBe(false),
  );
  it('a telephone is the same with its country and without', () => {
    expect(keyOfPhone('0300 1234567')).toBe(keyOfPhone('0092-300-1234567'));
  });
  it('an account without an address and a telephone has two names', () => {
    expect(namesOf({ ...rosa, email: null, phone: null }).map(({ kind }) => kind)).toEqual(['username', 'code']);
  });
});
