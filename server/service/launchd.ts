import { argumentsOf, type Plan, type Service, xml } from './plan.ts';

const LABEL = 'org.medlane.server';
const FILE = `/Library/LaunchDaemons/${LABEL}.plist`;
const LOGS = '/Library/Logs/Medlane';

/** macOS: a daemon that comes back by itself. */
export function launchdPlan(service: Service): Plan {
  const owner: Plan['install'] = service.account ? [['chown', '-R', service.account, service.folder, LOGS]] : [];
  return {
    files: [{ path: FILE, text: plist(service) }],
    install: [['mkdir', '-p', LOGS], ...owner, ['launchctl', 'bootstrap', 'system', FILE]],
    uninstall: [['launchctl', 'bootout', `system/${LABEL}`]],
    status: ['launchctl', 'print', `system/${LABEL}`],
  };
}

const plist = (service: Service): string => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${LABEL}</string>
  <key>ProgramArguments</key>
  <array>
${[service.node, ...argumentsOf(service)].map((part) => `    <string>${xml(part)}</string>`).join('\n')}
  </array>
${service.account ? `  <key>UserName</key>\n  <string>${xml(service.account)}</string>\n` : ''}  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <true/>
  <key>ThrottleInterval</key>
  <integer>2</integer>
  <key>ExitTimeOut</key>
  <integer>30</integer>
  <key>Umask</key>
  <integer>63</integer>
  <key>StandardErrorPath</key>
  <string>${LOGS}/server.log</string>
</dict>
</plist>
`;
