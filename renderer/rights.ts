import { useTranslation } from 'react-i18next';
import { type MedlaneOperation, api as operations } from '../contract/index.ts';
import { featureOf, mayCall, type Operation } from '../contract/kit.ts';
import type { Role } from '../domain/people.ts';
import { rightsAt } from '../domain/rights.ts';
import type { User } from './api.ts';
import { clock } from './clock.ts';

const operationNamed = (name: MedlaneOperation): Operation => {
  const group = operations[featureOf(name) as keyof typeof operations] as unknown as Record<string, Operation>;
  return group[name.slice(name.indexOf('.') + 1)] as Operation;
};

/** What begins within so long (ms) is shown already: this clock may be behind the server's, which decides. */
const SLACK = 30_000;

/** Whether the server would let this person call an operation, by role or by what was granted: what is not theirs is not shown. */
export function mayAsk(user: Pick<User, 'roles' | 'grants'>, name: MedlaneOperation): boolean {
  const grants = user.grants.map(({ feature, level, from, until }) => ({
    ...{ feature, level, from: Date.parse(from) - SLACK },
    until: until === null ? null : Date.parse(until),
  }));
  const caller = { signedIn: true, atDesk: false, roles: user.roles, rights: rightsAt(grants, clock.now()) };
  return mayCall(name, operationNamed(name), caller);
}

/** Somebody's roles in words; a super administrator is an administrator anyway. */
export function useRoleNames(): (roles: readonly Role[]) => string {
  const { t } = useTranslation();
  return (roles) =>
    roles
      .filter((role) => role !== 'admin' || !roles.includes('super_admin'))
      .map((role) => t(`role.${role}`))
      .join(t('common.listComma'));
}
