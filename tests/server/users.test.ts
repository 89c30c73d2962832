import { describe, expect, it } from 'vitest';
import type { Role } from '../../domain/people.ts';
import { PASSWORD, world } from '../support/clinic.ts';

describe('the list of accounts', () => {
  it('is filtered by role and by whether they are active, and comes as CSV that a spreadsheet takes for text', async () => {
    const clinic = await world();
    const admin = await clinic.as('admin');
    const make = (username: string, name: string, roles: Role[]) =>
      admin.users.create({ username, name, roles, password: PASSWORD, email: `${username}@clinic.example` });
    await make('rosa', '=HYPERLINK("x")', ['receptionist', 'nurse']);
    const { id } = await make('bilal', 'Bilal', ['nurse']);
    await admin.users.update({ id, active: false });
    const names = async (filter: object) => (await admin.users.list(filter)).items.map(({ username }) => username);
    expect(await names({ role: 'nurse' })).toEqual(['bilal', 'rosa']);
    expect(await names({ role: 'nurse', active: true })).toEqual(['rosa']);
    expect(await names({ active: false })).toEqual(['bilal']);
    const { body } = await admin.users.export({ role: 'nurse', active: true });
    const text = await new Response(body as ReadableStream).text();
    const [head, row] = text.split('\r\n');
    expect(head).toBe('name,username,code,email,phone,roles,active,secondFactor,verification,lastSignInAt');
    expect(row).toMatch(
      /^"'=HYPERLINK\(""x""\)",rosa,[A-Z]\d[A-Z]\d[A-Z]\d,rosa@clinic\.example,,receptionist nurse,yes,no,not_submitted,$/,
    );
    expect(text).not.toMatch(/argon2|bilal/);
    await clinic.close();
  });
});
