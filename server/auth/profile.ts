import { eq } from 'drizzle-orm';
import { fileTypeFromBuffer } from 'file-type';
import type { Problem } from '../../contract/errors.ts';
import { PICTURE_LIMITS, PICTURE_MEDIA } from '../../contract/profile.ts';
import type { Preferences } from '../../domain/people.ts';
import type { Reader } from '../db/connection.ts';
import type { CommandContext, GroupHandlers } from '../dispatch.ts';
import { given } from '../given.ts';
import { plainJpeg, plainPng } from '../identity/pictures.ts';
import type { Vault } from '../vault.ts';
import { userIn } from './user-rows.ts';

type Rows = Pick<Reader, 't'> & { db: Pick<Reader['db'], 'select'> };
type ProfileRow = Reader['t']['profiles']['$inferSelect'];
type Media = (typeof PICTURE_MEDIA)[number];

const NONE: Preferences = { language: null, colours: null, singleKeys: null };

/** How people like their screens, and what they look like. Pictures are sealed like all that shows who somebody is. */
export function createProfiles(vault: Vault) {
  const sealed = (userId: string) => `picture ${userId}`;
  const rowOf = async ({ t, db }: Rows, userId: string): Promise<ProfileRow | undefined> =>
    (await db.select().from(t.profiles).where(eq(t.profiles.userId, userId)))[0];
  const pictureIn = (row: ProfileRow | undefined) =>
    row?.picture
      ? {
          media: row.pictureMedia as Media,
          data: vault.unwrap(row.picture, sealed(row.userId)).toString('base64'),
        }
      : null;

  async function keep(ctx: CommandContext, change: Partial<ProfileRow>): Promise<void> {
    const { t, db } = ctx.tx;
    const [user] = await db.select({ branchId: t.users.branchId }).from(t.users).where(eq(t.users.id, ctx.actor.id));
    const absent = { preferences: NONE, picture: null, pictureMedia: null, createdAt: ctx.now };
    await db
      .insert(t.profiles)
      .values({ ...absent, ...change, userId: ctx.actor.id, branchId: user?.branchId ?? '', updatedAt: ctx.now })
      .onConflictDoUpdate({ target: t.profiles.userId, set: { ...change, updatedAt: ctx.now } });
    ctx.record({ resource: 'user', resourceId: ctx.actor.id, after: { changed: Object.keys(change) } });
  }

  const profile: GroupHandlers<'profile'> = {
    async get({ db, actor }) {
      const row = await rowOf(db, actor.id);
      return { preferences: { ...NONE, ...row?.preferences }, picture: pictureIn(row) };
    },

    async prefer(ctx, wanted) {
      const before = (await rowOf(ctx.tx, ctx.actor.id))?.preferences;
      await keep(ctx, { preferences: { ...NONE, ...before, ...given(wanted) } });
      return { ok: true };
    },

    async setPicture(ctx, { data }) {
      await keep(ctx, data === null ? { picture: null, pictureMedia: null } : await made(ctx, data));
      return { ok: true };
    },
  };
  const picture: GroupHandlers<'users'>['picture'] = async (ctx, { id }) => {
    if (!(await userIn(ctx.db, ctx.branchId, id))) ctx.fail('not_found');
    return { picture: pictureIn(await rowOf(ctx.db, id)) };
  };

  return { profile, picture };

  async function made(ctx: CommandContext<'document_unusable'>, data: string) {
    const refuse = (problem: Problem<'document_unusable'>) => ctx.fail('document_unusable', { problem });
    const file = Buffer.from(data, 'base64');
    const pictureMedia = (await fileTypeFromBuffer(file))?.mime as Media | undefined;
    if (!pictureMedia || !PICTURE_MEDIA.includes(pictureMedia)) return refuse('kind');
    const picture = pictureMedia === 'image/jpeg' ? plainJpeg(file) : plainPng(file);
    if (!picture) return refuse('broken');
    if (Math.max(picture.width, picture.height) > PICTURE_LIMITS.pixels) return refuse('pixels');
    return { picture: vault.wrap(picture.bytes, sealed(ctx.actor.id)), pictureMedia };
  }
}
