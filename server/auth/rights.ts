import { and, eq } from 'drizzle-orm';
import { api } from '../../contract/index.ts';
import { featureOf, levelOf, listOperations, mayCall } from '../../contract/kit.ts';
import { LEVELS, type Level, reaches, rightsAt } from '../../domain/rights.ts';
import type { GroupHandlers } from '../dispatch.ts';
import { grantsOf, type UserRow } from './user-rows.ts';

/** Every operation that is not everybody's, by feature: what rights are about. */
const FEATURES = Map.groupBy(
  listOperations(api).filter(({ operation }) => typeof operation.who !== 'string'),
  ({ name }) => featureOf(name),
);

/** How much of a feature is open to somebody now: the most that any of its operations is. */
function opened(user: UserRow, feature: string, now: number) {
  const caller = { signedIn: true, atDesk: false, roles: user.roles, rights: rightsAt(user.grants, now) };
  const all = FEATURES.get(feature) ?? [];
  const may = all.filter(({ name, operation }) => mayCall(name, operation, caller)).map(({ operation }) => operation);
  const level = may.map(levelOf).reduce<Level>((most, one) => (reaches(most, one) ? most : one), LEVELS[0]);
  const counts = feature in caller.rights ? grantsOf(user).find((grant) => grant.feature === feature) : null;
  return { feature, level, operations: may.length, of: all.length, grant: counts ?? null };
}

export const rightsHandlers: GroupHandlers<'rights'> = {
  async list({ db: { t, db }, branchId, now }) {
    const people = await db
      .select()
      .from(t.users)
      .where(and(eq(t.users.branchId, branchId), eq(t.users.active, true)))
      .orderBy(t.users.name, t.users.id);
    return {
      items: people.map((user) => ({
        ...{ id: user.id, username: user.username, name: user.name, roles: user.roles },
        features: [...FEATURES.keys()].map((feature) => opened(user, feature, now)),
      })),
      nextCursor: null,
    };
  },
};
