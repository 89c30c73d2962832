/** The administrator's pages. */
export const ADMIN_TABS = [
  { key: 'now', to: '/admin' },
  { key: 'patients', to: '/admin/patients' },
  { key: 'import', to: '/admin/import' },
  { key: 'queues', to: '/admin/queues' },
  { key: 'users', to: '/admin/users' },
  { key: 'security', to: '/admin/security' },
  { key: 'devices', to: '/admin/devices' },
  { key: 'audit', to: '/admin/audit' },
  { key: 'boards', to: '/admin/boards' },
  { key: 'settings', to: '/admin/settings' },
] as const;
