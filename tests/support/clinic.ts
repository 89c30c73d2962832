import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inject } from 'vitest';
import { type Client, createClient } from '../../contract/client.ts';
import { type Fetch, httpTransport } from '../../contract/http.ts';
import { api, type MedlaneApi } from '../../contract/index.ts';
import { isScreen, type Role } from '../../domain/people.ts';
import { type RunningServer, type ServerOptions, startServer } from '../../server/clinic-server.ts';
import { dataFolder } from '../../server/data-folder.ts';
import { type Ports, realPorts } from '../../server/ports.ts';
import type { DoorsAsked } from '../../server/transport/doors.ts';
import { createDatabase } from './postgres.ts';

export type Dialect = 'sqlite' | 'postgres';
export const DIALECTS: readonly Dialect[] = ['sqlite', 'postgres'];

const root = new URL('../../', import.meta.url);
export const PASSWORD = 'correct horse 42';
/** A tenth of every sign-in's time: how strong the real hash is, `passwords.test.ts` shows. */
const CHEAP = { memoryCost: 1024, timeCost: 1 };

export type World = Readonly<{
  url: string;
  server: RunningServer;
  options: ServerOptions;
  /** The clinic's time; `pass` moves it on. */
  time: { now: number; pass: (ms: number) => void };
  /** A signed-in client; the account is made when it is first asked for. */
  as: (username: string, ...roles: Role[]) => Promise<Client<MedlaneApi>>;
  token: (username: string, ...roles: Role[]) => Promise<string>;
  /** A raw request. */
  request: (
    method: string,
    path: string,
    options?: { token?: string; body?: unknown; headers?: Record<string, string> },
  ) => Promise<Answer>;
  restart: () => Promise<void>;
  close: () => Promise<void>;
}>;
export type Answer = {
  status: number;
  headers: Headers;
  body: {
    status?: string;
    data?: never;
    error?: { code: string; message: string; details: { field: string }[]; facts: Record<string, unknown> };
    meta?: { requestId: string };
  } & Record<string, unknown>;
};

export const client = (url: string, token?: string, fetcher: Fetch = fetch): Client<MedlaneApi> =>
  createClient(
    api,
    httpTransport({
      base: url,
      fetch: fetcher,
      headers: (): Record<string, string> => (token ? { Authorization: `Bearer ${token}` } : {}),
    }),
  );

type WorldOptions = Readonly<{
  dialect?: Dialect;
  now?: number;
  ports?: Partial<Ports>;
  doors?: Partial<DoorsAsked>;
  empty?: boolean;
}>;

/** A real clinic, served over HTTP, in a folder (and a database) of its own. Its clock stands until it is moved. */
export async function world({
  dialect = 'sqlite',
  now,
  ports = {},
  doors = {},
  empty = false,
}: WorldOptions = {}): Promise<World> {
  const folder = mkdtempSync(path.join(tmpdir(), 'medlane-test-'));
  const time = {
    now: now ?? Date.now(),
    pass(ms: number) {
      time.now += ms;
    },
  };
  const options: ServerOptions = {
    folder: dataFolder(folder),
    // Ids stay in the order in which they are made, also while the clock stands.
    ports: { ...realPorts, hashing: CHEAP, ...(now === undefined ? {} : { now: () => time.now }), ...ports },
    version: '0.0.0-test',
    resources: new URL('resources/', root),
    screens: null,
    logLevel: process.env['MEDLANE_LOG'] ?? 'silent',
    database: dialect === 'postgres' ? await createDatabase(inject('postgres')) : undefined,
  };
  const asked = { port: 0, ...doors };
  let server = await startServer(options, asked);
  const tokens = new Map<string, string>();

  const request: World['request'] = async (method, where, { token, body, headers } = {}) => {
    const response = await fetch(`${server.url}${where}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = (response.headers.get('Content-Type') ?? '').includes('json') && text !== '';
    return {
      status: response.status,
      headers: response.headers,
      body: (json ? JSON.parse(text) : { text }) as Answer['body'],
    };
  };

  const signIn = async (username: string): Promise<string> => {
    const { accessToken } = await client(server.url).auth.login({ identifier: username, password: PASSWORD });
    tokens.set(username, accessToken);
    return accessToken;
  };

  const token: World['token'] = async (username, ...roles) => {
    const known = tokens.get(username);
    if (known) return known;
    if (username !== 'admin') {
      const admin = await made.as('admin');
      const [board] = isScreen(roles) ? (await admin.boards.list()).items : [];
      await admin.users.create({
        username,
        name: username,
        password: PASSWORD,
        roles: roles.length > 0 ? roles : ['receptionist'],
        boardId: board?.id ?? null,
      });
    }
    return signIn(username);
  };

  const made: World = {
    get url() {
      return server.url;
    },
    get server() {
      return server;
    },
    options,
    time,
    token,
    as: async (username, ...roles) => client(server.url, await token(username, ...roles)),
    request,
    async restart() {
      await server.close();
      server = await startServer(options, asked);
    },
    async close() {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  if (!empty) {
    await client(server.url).setup.host({
      clinic: 'Test Clinic',
      timeZone: 'Asia/Karachi',
      administrator: { name: 'Admin', username: 'admin', password: PASSWORD },
    });
  }
  return made;
}

/** The first queue and room of a test clinic. */
export async function furniture(
  clinic: Client<MedlaneApi>,
): Promise<{ queueId: string; roomId: string; boardId: string }> {
  const [queues, rooms, boards] = await Promise.all([clinic.queues.list(), clinic.rooms.list(), clinic.boards.list()]);
  return { queueId: queues.items[0]?.id ?? '', roomId: rooms.items[0]?.id ?? '', boardId: boards.items[0]?.id ?? '' };
}

/** The refusal's code, or `ok`. */
export const codeOf = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'ok',
    (error: { code?: string }) => error.code ?? String(error),
  );

/** Waits for long work to end, asking at a person's pace. */
export async function ended<J extends { id: string; state: string }>(clinic: Client<MedlaneApi>, started: J) {
  for (;;) {
    const job = await clinic.jobs.get({ id: started.id });
    if (job.state !== 'running') return job;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
