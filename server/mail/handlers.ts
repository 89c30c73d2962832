import { eq } from 'drizzle-orm';
import { ApiError } from '../../contract/kit.ts';
import { branchOf } from '../clinic.ts';
import type { CommandContext, GroupHandlers } from '../dispatch.ts';
import type { Vault } from '../vault.ts';
import { checkCertificate, isSameWay, type MailServer, mailServerOf, sealPassword } from './mail-server.ts';
import type { Post } from './post.ts';

const view = ({ host, port, security, username, sender, ca, password }: MailServer) => ({
  ...{ host, port, security, username, from: sender, ca, hasPassword: password !== null },
});
/** For the audit: whether there is a certificate, and not which. */
const shown = (server: MailServer | undefined) => (server ? { ...view(server), ca: server.ca !== null } : {});

/** The clinic's mail server, for its administrator. */
export function createMailHandlers(vault: Vault, post: Post): GroupHandlers<'mail'> {
  const note = async (ctx: CommandContext, before: MailServer | undefined) => {
    const after = await mailServerOf(ctx.tx, ctx.branchId);
    ctx.record({ resource: 'mail', resourceId: ctx.branchId, before: shown(before), after: shown(after) });
    ctx.emit('settings.changed', { version: (await branchOf(ctx.tx, ctx.branchId)).version });
  };

  return {
    async get({ db, branchId }) {
      const server = await mailServerOf(db, branchId);
      return { server: server ? view(server) : null };
    },

    async set(ctx, { password, from, ...way }) {
      if (way.ca !== null) checkCertificate(way.ca);
      const before = await mailServerOf(ctx.tx, ctx.branchId);
      const kept = before && isSameWay(before, way) ? before.password : null;
      const sealed = password === undefined ? kept : sealPassword(vault, ctx.branchId, password);
      if (way.username !== null && sealed === null) {
        const message = 'Type the password: it is never sent to another server than the one that it was given for.';
        throw new ApiError('validation_failed', { fields: [{ field: 'password', code: 'needed', message }] });
      }
      const { t, db } = ctx.tx;
      const row = { ...way, sender: from, password: way.username === null ? null : sealed, updatedAt: ctx.now };
      await db
        .insert(t.mailServers)
        .values({ ...row, branchId: ctx.branchId, createdAt: ctx.now })
        .onConflictDoUpdate({ target: t.mailServers.branchId, set: row });
      await note(ctx, before);
      return { ok: true };
    },

    async remove(ctx) {
      const { t, db } = ctx.tx;
      const before = await mailServerOf(ctx.tx, ctx.branchId);
      await db.delete(t.mailServers).where(eq(t.mailServers.branchId, ctx.branchId));
      await note(ctx, before);
      return { ok: true };
    },

    async test(ctx, { to }) {
      ctx.record({ resource: 'mail', resourceId: ctx.branchId });
      ctx.afterwards(() => post.send(ctx.branchId, to, 'test'));
      return { ok: true };
    },
  };
}
