import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import type { Service } from '../service/plan.ts';
import {
  describePlan,
  installService,
  isInstalled,
  isRunning,
  ownerOf,
  planOf,
  serviceFolder,
  uninstallService,
} from '../service/service.ts';
import type { Place } from './options.ts';
import { print } from './output.ts';

type Doors = Readonly<{ lan?: number; stations?: number; waitingRoom?: number }>;
type Given = Doors & Readonly<{ port: number; as?: string; print?: boolean }>;
type Tools = Readonly<{
  place: () => Place;
  /** Options of `serve`, with the same meaning. */
  withDoors: (command: Command) => Command;
  run: (work: () => Promise<unknown>) => Promise<void>;
  notRunning: number;
}>;

const { platform, execPath } = process;
const PORT = 7420;

/** `medlane service …`: the clinic's server as a service of this computer, without a window. */
export function addServiceCommands(program: Command, { place, withDoors, run, notRunning }: Tools): void {
  const service = program.command('service').description('The server as a service of this computer, without a window.');

  withDoors(service.command('install'))
    .description('Installs and starts it. It starts with the computer and comes back by itself.')
    .option('--as <account>', 'the computer’s account that it runs as; one of its own when absent')
    .option('--print', 'only shows what would be written and run')
    .action((given: Given) =>
      run(async () => {
        const asked = serviceOf(place(), given);
        const plan = planOf(platform, asked);
        if (given.print) return print(place(), plan, describePlan(plan));
        installService(platform, asked);
        const url = `http://127.0.0.1:${asked.port}`;
        print(place(), { url, folder: asked.folder }, `The service runs. Open ${url}; its data is in ${asked.folder}.`);
      }),
    );

  service
    .command('uninstall')
    .description('Stops and removes it. The clinic’s data stays.')
    .action(() =>
      run(async () => {
        const asked = serviceOf(place(), { port: PORT });
        uninstallService(platform, asked);
        print(place(), { removed: true }, 'The service is removed. The clinic’s data stays where it is.');
      }),
    );

  service
    .command('status')
    .description('Says whether it is installed and runs.')
    .action(() =>
      run(async () => {
        const installed = isInstalled(platform);
        const running = installed && isRunning(platform, serviceOf(place(), { port: PORT }));
        const words = running
          ? 'It is installed and runs.'
          : installed
            ? 'It is installed, and does not run.'
            : 'It is not installed.';
        print(place(), { installed, running }, words);
        process.exitCode = running ? 0 : notRunning;
      }),
    );
}

function serviceOf({ data }: Place, { port, as, lan, stations, waitingRoom }: Given): Service {
  const folder = data ? path.resolve(data) : serviceFolder(platform);
  const doors = Object.entries({ lan, stations, 'waiting-room': waitingRoom });
  return {
    node: execPath,
    // The bundle that is running now; the server's own file whatever the name under which it was started.
    script: fileURLToPath(new URL('medlane.js', import.meta.url)),
    folder,
    // macOS has no account for this; the person who installs it has one.
    account: as ?? ownerOf(folder) ?? (platform === 'darwin' ? (process.env['SUDO_USER'] ?? null) : null),
    port,
    doors: doors.flatMap(([door, at]) => (at === undefined ? [] : [`--${door}`, String(at)])),
  };
}
