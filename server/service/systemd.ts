import { argumentsOf, type Plan, type Service } from './plan.ts';

const UNIT = '/etc/systemd/system/medlane.service';
const ACCOUNT = 'medlane';

/** Linux: a unit that comes back by itself, as an account that can do nothing else. */
export function systemdPlan(service: Service): Plan {
  const account = service.account ?? ACCOUNT;
  const own: Plan['install'] = service.account
    ? []
    : [
        ['systemd-sysusers', '--inline', `u ${ACCOUNT} - "Medlane clinic server"`],
        ['chown', '-R', `${ACCOUNT}:`, service.folder],
      ];
  return {
    files: [{ path: UNIT, text: unit(service, account) }],
    install: [...own, ['systemctl', 'daemon-reload'], ['systemctl', 'enable', '--now', 'medlane.service']],
    uninstall: [['systemctl', 'disable', '--now', 'medlane.service']],
    status: ['systemctl', 'is-active', '--quiet', 'medlane.service'],
  };
}

const unit = (service: Service, account: string): string => `[Unit]
Description=Medlane clinic server
Wants=network-online.target
After=network-online.target
# A clinic without its server stands still: it is tried for ever.
StartLimitIntervalSec=0

[Service]
Type=exec
User=${account}
ExecStart=${[service.node, ...argumentsOf(service)].map(quoted).join(' ')}
Restart=always
RestartSec=2
TimeoutStopSec=30
UMask=0077
NoNewPrivileges=yes
CapabilityBoundingSet=
# The rest of the disk stays writable where the account may: backups go to another one.
ProtectSystem=full
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native

[Install]
WantedBy=multi-user.target
`;

/** As systemd reads a command line: `%` and `$` mean something to it, also in quotes. */
const quoted = (part: string): string =>
  `"${part
    .replace(/[\\"]/g, (sign) => `\\${sign}`)
    .replaceAll('%', '%%')
    .replaceAll('$', '$$$$')}"`;
