import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, DIALECTS, type World, world } from '../support/clinic.ts';
import { jpegOf, PDF, pngOf } from '../support/documents.ts';

describe.each(DIALECTS)('a profile, on %s', (dialect) => {
  let clinic: World;
  beforeAll(async () => {
    clinic = await world({ dialect });
  });
  afterAll(() => clinic.close());

  it('keeps what somebody prefers, each by itself, and nobody else’s', async () => {
    const [rosa, bilal] = [await clinic.as('rosa', 'receptionist'), await clinic.as('bilal', 'doctor')];
    const none = { language: null, colours: null, singleKeys: null };
    expect(await rosa.profile.get()).toEqual({ preferences: none, picture: null });
    await rosa.profile.prefer({ language: 'ur' });
    await rosa.profile.prefer({ singleKeys: false });
    expect((await rosa.profile.get()).preferences).toEqual({ ...none, language: 'ur', singleKeys: false });
    await rosa.profile.prefer({ language: null });
    expect((await rosa.profile.get()).preferences).toEqual({ ...none, singleKeys: false });
    expect((await bilal.profile.get()).preferences).toEqual(none);
  });

  it('shows colleagues a picture without what the camera wrote into it, until it is removed', async () => {
    const [rosa, bilal] = [await clinic.as('rosa'), await clinic.as('bilal')];
    const { id } = await rosa.auth.me();
    await rosa.profile.setPicture({ data: jpegOf({ secret: 'at home in Model Town' }).toString('base64') });
    const { picture } = await bilal.users.picture({ id });
    expect(picture?.media).toBe('image/jpeg');
    const bytes = Buffer.from(picture?.data ?? '', 'base64');
    expect(bytes.includes('Model Town')).toBe(false);
    expect((await rosa.profile.get()).picture).toEqual(picture);
    expect((await bilal.profile.get()).picture).toBeNull();
    await rosa.profile.setPicture({ data: null });
    expect((await bilal.users.picture({ id })).picture).toBeNull();
  });

  it('takes no file that only calls itself a picture, none that is broken, and none that is large', async () => {
    const rosa = await clinic.as('rosa');
    const refused = (file: Buffer) => codeOf(rosa.profile.setPicture({ data: file.toString('base64') }));
    expect(await refused(PDF)).toBe('document_unusable');
    expect(await refused(pngOf().subarray(0, 60))).toBe('document_unusable');
    expect(await refused(pngOf({ width: 513, height: 10 }))).toBe('document_unusable');
    expect(await refused(Buffer.alloc(140_000))).toBe('validation_failed');
    expect((await rosa.profile.get()).picture).toBeNull();
  });

  it('is no business of a screen on the wall', async () => {
    const board = await clinic.as('wall', 'display');
    const { id } = await (await clinic.as('rosa')).auth.me();
    expect(await codeOf(board.users.picture({ id }))).toBe('forbidden');
  });

  it('lies sealed in the database', async () => {
    const rosa = await clinic.as('rosa');
    const file = pngOf({ width: 40, height: 40 });
    await rosa.profile.setPicture({ data: file.toString('base64') });
    const { db, t } = clinic.server.app.reader;
    const rows = await db.select().from(t.profiles);
    expect(rows.filter(({ picture }) => picture !== null)).toHaveLength(1);
    expect(rows.some(({ picture }) => picture?.includes('IHDR'))).toBe(false);
  });
});
