import type { MedlaneOperation } from '../../contract/index.ts';
import type { User } from '../api.ts';
import { mayAsk } from '../rights.ts';

/** The administrator's pages, and what each must be able to ask. */
const ADMIN_TABS = [
  { key: 'now', to: '/admin', asks: 'system.now' },
  { key: 'patients', to: '/admin/patients', asks: 'imports.upload' },
  { key: 'import', to: '/admin/import', asks: 'imports.start' },
  { key: 'queues', to: '/admin/queues', asks: 'queues.create' },
  { key: 'users', to: '/admin/users', asks: 'users.list' },
  { key: 'rights', to: '/admin/rights', asks: 'rights.list' },
  { key: 'pharmacies', to: '/admin/pharmacies', asks: 'pharmacies.create' },
  { key: 'verification', to: '/admin/verification', asks: 'verifications.list' },
  { key: 'security', to: '/admin/security', asks: 'security.now' },
  { key: 'devices', to: '/admin/devices', asks: 'devices.list' },
  { key: 'audit', to: '/admin/audit', asks: 'audit.list' },
  { key: 'boards', to: '/admin/boards', asks: 'boards.create' },
  { key: 'branches', to: '/admin/branches', asks: 'branches.list' },
  { key: 'settings', to: '/admin/settings', asks: 'settings.update' },
] as const satisfies readonly { key: string; to: string; asks: MedlaneOperation }[];

/** Those that are open to somebody. */
export const adminTabsOf = (user: User) => ADMIN_TABS.filter(({ asks }) => mayAsk(user, asks));
