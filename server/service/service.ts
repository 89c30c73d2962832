import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { serviceNote } from '../../contract/service.ts';
import { launchdPlan } from './launchd.ts';
import type { Command, Plan, Service } from './plan.ts';
import { systemdPlan } from './systemd.ts';
import { taskPlan } from './task-scheduler.ts';

/** The folder of a clinic that belongs to the computer, and to nobody's account on it. */
const FOLDERS: Readonly<Record<string, string>> = {
  win32: 'C:\\ProgramData\\Medlane\\clinic',
  darwin: '/Library/Application Support/Medlane/clinic',
};
export const serviceFolder = (platform: string): string => FOLDERS[platform] ?? '/var/lib/medlane/clinic';

export function planOf(platform: string, service: Service): Plan {
  const note = {
    path: serviceNote(platform),
    text: `${JSON.stringify({ url: `http://127.0.0.1:${service.port}` })}\n`,
  };
  const plan =
    platform === 'win32' ? taskPlan(service) : platform === 'darwin' ? launchdPlan(service) : systemdPlan(service);
  return { ...plan, files: [...plan.files, note] };
}

/** The plan in words that can be read, copied, and run by hand. */
export function describePlan({ files, install }: Plan): string {
  const texts = files.map(({ path: file, text }) => `# ${file}\n${text.replace(/^\uFEFF/, '')}`);
  return [...texts, '# Then:', ...install.map((command) => command.map(shown).join(' ')), ''].join('\n');
}
const shown = (part: string) => (/^[\w:./=*@()-]+$/.test(part) ? part : `'${part}'`);

/** @throws with what to do. */
export function installService(platform: string, service: Service): void {
  refuseLockedKey(service.folder);
  mustBeAdministrator();
  const plan = planOf(platform, service);
  mkdirSync(service.folder, { recursive: true, mode: 0o700 });
  for (const { path: file, text, encoding } of plan.files) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text, { encoding: encoding ?? 'utf8', mode: 0o644 });
  }
  for (const command of plan.install) run(command);
}

/** The clinic's folder stays. @throws with what to do. */
export function uninstallService(platform: string, service: Service): void {
  mustBeAdministrator();
  const plan = planOf(platform, service);
  // One that does not run cannot be stopped; it is removed all the same.
  for (const [program, ...args] of plan.uninstall) spawnSync(program, args, { stdio: 'ignore' });
  for (const { path: file } of plan.files) rmSync(file, { force: true });
}

export const isInstalled = (platform: string): boolean => existsSync(serviceNote(platform));
export function isRunning(platform: string, service: Service): boolean {
  const [program, ...args] = planOf(platform, service).status;
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

/** A clinic whose key is in somebody's keychain opens for nobody else, so not for a service. */
function refuseLockedKey(folder: string): void {
  if (!existsSync(path.join(folder, 'medlane.db')) || existsSync(path.join(folder, 'master.key'))) return;
  throw new Error(
    `The key of the clinic in ${folder} is in the keychain of the person who set it up, which no service can read. Make a backup, and restore it into the service's own folder with the recovery kit: medlane --data ${serviceFolder(process.platform)} restore FILE --kit CODE`,
  );
}

function mustBeAdministrator(): void {
  const { getuid } = process;
  const may = getuid ? getuid() === 0 : spawnSync('net', ['session'], { stdio: 'ignore' }).status === 0;
  if (!may) throw new Error('Only an administrator of this computer may do this. Run it again as one (sudo).');
}

function run([program, ...args]: Command): void {
  const { status, error, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status === 0) return;
  throw new Error(`${program} ${args.join(' ')} failed: ${error?.message ?? stderr.trim()}`);
}

/** Whose a folder is, where that is not the administrator: the service goes on as that account. */
export function ownerOf(folder: string): string | null {
  if (process.platform === 'win32' || !existsSync(folder)) return null;
  const { uid } = statSync(folder);
  if (uid === 0) return null;
  return spawnSync('id', ['-nu', String(uid)], { encoding: 'utf8' }).stdout.trim() || null;
}
