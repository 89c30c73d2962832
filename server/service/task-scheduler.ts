import { argumentsOf, type Plan, type Service, xml } from './plan.ts';

const NAME = 'Medlane';
const FILE = 'C:\\ProgramData\\Medlane\\service.xml';
/** The system's account for services that need nothing of it: LocalService. */
const LOCAL_SERVICE = 'S-1-5-19';
/** Administrators, the system, and whoever runs the server: nobody else reads the clinic's folder. */
const MAY_READ = ['*S-1-5-32-544', '*S-1-5-18'];

/** Windows: a task that starts with the computer and comes back by itself; no other program is needed for it. */
export function taskPlan(service: Service): Plan {
  const account = service.account ?? LOCAL_SERVICE;
  const reader = service.account ?? `*${LOCAL_SERVICE}`;
  const grants = [...MAY_READ, reader].flatMap((who) => ['/grant', `${who}:(OI)(CI)F`]);
  return {
    files: [{ path: FILE, text: task(service, account), encoding: 'utf16le' }],
    install: [
      ['icacls', service.folder, '/inheritance:r', ...grants],
      ['schtasks', '/Create', '/TN', NAME, '/XML', FILE, '/F'],
      ['schtasks', '/Run', '/TN', NAME],
    ],
    uninstall: [
      ['schtasks', '/End', '/TN', NAME],
      ['schtasks', '/Delete', '/TN', NAME, '/F'],
    ],
    status: ['schtasks', '/Query', '/TN', NAME],
  };
}

const task = (service: Service, account: string): string => `\uFEFF<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>Medlane clinic server</Description>
  </RegistrationInfo>
  <Triggers>
    <BootTrigger>
      <Enabled>true</Enabled>
    </BootTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>${xml(account)}</UserId>${service.account ? '\n      <LogonType>S4U</LogonType>' : ''}
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Priority>5</Priority>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>999</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>${xml(service.node)}</Command>
      <Arguments>${xml(argumentsOf(service).map(quoted).join(' '))}</Arguments>
    </Exec>
  </Actions>
</Task>
`;

/** As a Windows program reads its command line: a backslash before a quote counts. */
const quoted = (part: string): string =>
  /^[\w:.=\\-]+$/.test(part) ? part : `"${part.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`;
