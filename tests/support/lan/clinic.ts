import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Client, createClient } from '../../../contract/client.ts';
import type { DesktopAnswer, DesktopCall, DesktopInput, DesktopPayload } from '../../../contract/desktop.ts';
import { api, type MedlaneApi } from '../../../contract/index.ts';
import type { Role } from '../../../domain/people.ts';
import type { StationPlace } from '../../../domain/station.ts';
import { client, PASSWORD } from '../clinic.ts';
import { type Computer, fetchAt, talkTo } from './calls.ts';
import { DOOR, openLan } from './namespaces.ts';

type Link = DesktopPayload<'link'>;

export type LanDesk = Readonly<{
  host: string;
  code: string;
  deviceId: string;
  folder: string;
  /** As a page calls it. */
  api: Client<MedlaneApi>;
  desktop: <N extends DesktopCall>(name: N, input?: DesktopInput<N>) => Promise<DesktopAnswer<N>>;
  computer: Computer;
  link: () => Link;
  /** With which address it speaks. */
  server: () => string;
  /** Waits until it is told so. @throws after a minute, with how it stands. */
  until: (what: string, met: () => boolean) => Promise<void>;
  faults: readonly string[];
}>;

const SECRET = Buffer.alloc(32, 7);
/** The addresses that the server has in turn, of its desks, and from which the bad line speaks with it. */
export const ADDRESSES = ['10.77.0.1', '10.77.0.2'] as const;
const DESKS = { reception: '10.77.0.11', doctor: '10.77.0.12' } as const;
const WIRE = '10.77.0.112';
const PATIENCE = 60_000;

/** A clinic of three computers: its server, and two paired desks, one of them behind a bad line. */
export async function openLanClinic(seed: number) {
  const folder = mkdtempSync(path.join(tmpdir(), 'medlane-lan-'));
  const inside = (name: string) => path.join(folder, name);
  const lan = openLan({ server: [ADDRESSES[0]], reception: [DESKS.reception], doctor: [DESKS.doctor, WIRE] });
  const open = new Set<Computer>();
  const start = async (host: string, script: string, args: string[], hear: Parameters<typeof talkTo>[1] = () => {}) => {
    const computer = await talkTo(lan.start(host, `tests/support/lan/${script}-process.ts`, args), hear);
    open.add(computer);
    return computer;
  };
  const startServer = () => start('server', 'server', [inside('clinic')]);
  const close = async () => {
    await Promise.all([...open].map((computer) => computer.kill()));
    lan.close();
    rmSync(folder, { recursive: true, force: true });
  };

  try {
    writeFileSync(inside('secret'), SECRET);
    let server = await startServer();
    const at = (token?: string) => client('', token, fetchAt({ ask: (...call) => server.ask(...call) }));
    const signIn = async (identifier: string) =>
      at((await at().auth.login({ identifier, password: PASSWORD })).accessToken);
    const administrator = { name: 'Admin', username: 'admin', password: PASSWORD };
    await at().setup.host({ clinic: 'Test Clinic', timeZone: 'Asia/Karachi', administrator });
    const admin = await signIn('admin');
    const person = (username: string, roles: Role[]) =>
      admin.users.create({ username, name: username, password: PASSWORD, roles, boardId: null });
    await person('rec', ['receptionist']);
    await person('doc', ['doctor', 'receptionist']);
    const desks = [
      await openDesk('reception', 'rec', { folder: inside('reception'), admin, start, secret: inside('secret') }),
      await openDesk('doctor', 'doc', { folder: inside('doctor'), admin, start, secret: inside('secret') }),
    ] as const;
    const wire = await start('doctor', 'wire', [String(seed), WIRE, ...ADDRESSES]);
    const ports = (await wire.ask('ports')) as Record<string, number>;
    let address = 0;

    return {
      ...{ lan, desks, admin, close },
      data: inside('clinic'),
      secret: SECRET,
      address: () => `${ADDRESSES[address]}:${DOOR}`,
      server: () => server,
      /** From now on what the doctor's desk says goes over the bad line. */
      worsen: () => lan.redirect('doctor', WIRE, ports),
      calm: () => wire.ask('calm'),
      async stop(how: 'close' | 'kill') {
        open.delete(server);
        await server[how]();
      },
      async restart() {
        server = await startServer();
      },
      renumber() {
        address = 1 - address;
        lan.renumber('server', ADDRESSES[address] ?? '');
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
export type LanClinic = Awaited<ReturnType<typeof openLanClinic>>;

type Opening = Readonly<{
  folder: string;
  secret: string;
  admin: Client<MedlaneApi>;
  start: (host: string, script: string, args: string[], hear: Parameters<typeof talkTo>[1]) => Promise<Computer>;
}>;

/** Adds a desk to the clinic as people do, and somebody signs in there. */
async function openDesk(
  host: keyof typeof DESKS & StationPlace,
  who: string,
  { folder, secret, admin, start }: Opening,
): Promise<LanDesk> {
  let link: Link = { state: 'connecting' };
  let server = '';
  const faults: string[] = [];
  const waiting = new Set<() => void>();
  const computer = await start(host, 'desk', [folder, secret], (event, payload) => {
    if (event === 'link') link = payload as Link;
    if (event === 'server') server = payload as string;
    if (event === 'fault') faults.push(`${host}: ${payload}`);
    for (const look of waiting) look();
  });
  const desktop: LanDesk['desktop'] = async (name, input) => (await computer.ask(name, input)) as never;
  const until: LanDesk['until'] = (what, met) =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        waiting.delete(look);
        reject(new Error(`${host} is not ${what}: ${JSON.stringify(link)} at ${server}`));
      }, PATIENCE);
      const look = () => {
        if (!met()) return;
        clearTimeout(late);
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });

  await admin.pairing.open();
  const { code } = await desktop('desk.pair', { address: `${ADDRESSES[0]}:${DOOR}` });
  const { desk } = await admin.pairing.pending();
  const { answer } = await admin.pairing.confirm({
    ...{ pairingId: desk?.pairingId ?? '', code, name: host, place: host },
  });
  const { joined } = await desktop('desk.answer', { code: answer });
  await until('online', () => link.state === 'online' && link.filling === null);
  const client = createClient(api, {
    call: (name, _operation, input, { commandId }) => computer.ask(name, input, { commandId }),
  });
  await client.auth.login({ identifier: who, password: PASSWORD });
  const { devices } = await admin.devices.list();
  const deviceId = devices.find(({ station }) => station?.code === joined?.code)?.id ?? '';
  return {
    ...{ host, folder, api: client, desktop, computer, until, faults, deviceId },
    code: joined?.code ?? '',
    link: () => link,
    server: () => server,
  };
}
