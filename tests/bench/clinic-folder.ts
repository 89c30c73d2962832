import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Client, createClient } from '../../contract/client.ts';
import { httpTransport } from '../../contract/http.ts';
import { api, type MedlaneApi } from '../../contract/index.ts';
import { deriveKey } from '../../server/keys.ts';
import { type Account, type ServerProcess, startServer } from '../day/server.ts';
import { createWire } from '../day/wire.ts';

/** The demonstration clinic, made once, and copied for whoever needs one of its own. */
export type Workshop = Readonly<{
  entry: string;
  folder: string;
  accounts: readonly Account[];
  copy: (name: string) => string;
  clear: () => void;
}>;

export async function openWorkshop(entry: string): Promise<Workshop> {
  const folder = mkdtempSync(path.join(tmpdir(), 'medlane-bench-'));
  const template = path.join(folder, 'template');
  const server = await startServer({ entry, folder: template, demo: true });
  await server.stop();
  const clear = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', clear);
  return {
    entry,
    folder,
    accounts: server.accounts,
    copy(name) {
      const target = path.join(folder, name);
      cpSync(template, target, { recursive: true });
      return target;
    },
    clear,
  };
}

export const masterOf = (folder: string): Buffer =>
  Buffer.from(readFileSync(path.join(folder, 'master.key'), 'utf8').trim(), 'hex');
export const databaseOf = (folder: string) => ({
  file: path.join(folder, 'medlane.db'),
  key: deriveKey(masterOf(folder), 'database'),
});

/** A running clinic that the bench is signed in to. */
export type Clinic = Readonly<{
  server: ServerProcess;
  port: number;
  admin: Client<MedlaneApi>;
  doctor: Client<MedlaneApi>;
  tokens: { desks: readonly string[]; admin: string; doctor: string };
  patients: readonly string[];
  boardId: string;
  /** Fresh queues, so that no line grows into thousands. */
  queues: (count: number) => Promise<string[]>;
  stop: () => Promise<void>;
}>;

type Opening = Readonly<{
  entry: string;
  folder: string;
  accounts: readonly Account[];
  env?: Readonly<Record<string, string>>;
  node?: readonly string[];
  serve?: readonly string[];
  demo?: boolean;
}>;

/** Sign-ins of the desks: rate limits count by sign-in, and a clinic's desks have one each. */
const DESKS = 8;

export async function openClinic(opening: Opening): Promise<Clinic> {
  const server = await startServer(opening);
  const wire = createWire();
  const as = (token: string) =>
    createClient(
      api,
      httpTransport({
        base: server.url,
        fetch: wire.fetch,
        headers: (): Record<string, string> => (token ? { Authorization: `Bearer ${token}` } : {}),
      }),
    );
  const signIn = async (role: string): Promise<string> => {
    const { username, password } = opening.accounts.find(({ roles }) => roles.includes(role)) as Account;
    return (await as('').auth.login({ identifier: username, password, delivery: 'body' })).accessToken;
  };
  const [adminToken, doctorToken] = [await signIn('admin'), await signIn('doctor')];
  const desks: string[] = [];
  for (let index = 0; index < DESKS; index += 1) desks.push(await signIn('receptionist'));
  const admin = as(adminToken);
  const known = [...(await admin.patients.list({ limit: 500 })).items];
  let made = (await admin.queues.list()).items.length;
  return {
    server,
    port: Number(new URL(server.url).port),
    admin,
    doctor: as(doctorToken),
    tokens: { desks, admin: adminToken, doctor: doctorToken },
    patients: known.map(({ id }) => id),
    boardId: (await admin.boards.list()).items[0]?.id as string,
    async queues(count) {
      const ids: string[] = [];
      for (let left = count; left > 0; left -= 1) {
        const code = codeOf(made++);
        ids.push((await admin.queues.create({ code, name: `Bench ${code}` })).id);
      }
      return ids;
    },
    async stop() {
      wire.close();
      await server.stop();
    },
  };
}

/** AAA, AAB, … away from the one-letter codes that a clinic begins with. */
const codeOf = (index: number): string =>
  [676, 26, 1].map((place) => String.fromCharCode(65 + (Math.floor(index / place) % 26))).join('');
