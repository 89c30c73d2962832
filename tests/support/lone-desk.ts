import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eq } from 'drizzle-orm';
import { httpTransport } from '../../contract/http.ts';
import { api } from '../../contract/index.ts';
import { ApiError, type Operation } from '../../contract/kit.ts';
import { PROTOCOL } from '../../contract/sync.ts';
import { createCache } from '../../main/workstation/cache.ts';
import { type Core, createCore } from '../../main/workstation/core.ts';
import { openMemory } from '../../main/workstation/memory.ts';
import { createOutbox, type Outbox } from '../../main/workstation/outbox.ts';
import { realPorts } from '../../server/ports.ts';
import type { World } from './clinic.ts';
import { openStationDoor } from './station-door.ts';

export type TestDesk = Readonly<{
  core: () => Core;
  outbox: () => Outbox;
  cache: () => ReturnType<typeof createCache>;
  /** The line to the server: there, gone, or one on which answers are lost although the server gets what is sent. */
  line: { state: 'up' | 'down' | 'deaf' };
  /** Which protocol its program speaks. */
  program: { protocol: number };
  /** Whose commands are made here. */
  as: (userId: string) => void;
  command: (operation: string, input: Record<string, unknown>) => Promise<unknown>;
  /** The program ends without a word, and starts again on what it had written. */
  crash: () => void;
  /** Where its files are. */
  folder: string;
  close: () => void;
}>;

/** A desk's core on encrypted files of its own, against a real server over HTTP. */
export async function openTestDesk(clinic: World, code: string, key = Buffer.alloc(32, 9)): Promise<TestDesk> {
  const door = await openStationDoor(clinic, { code, place: 'reception' });
  const folder = mkdtempSync(path.join(tmpdir(), 'medlane-desk-'));
  const line: TestDesk['line'] = { state: 'up' };
  const program = { protocol: PROTOCOL };
  let userId = '';
  const send = async (
    name: string,
    input: Readonly<Record<string, unknown>>,
    as?: { commandId: string; madeAt: number; forUser: string },
  ) => {
    if (line.state === 'down') throw new ApiError('unavailable');
    const [group = '', own = ''] = name.split('.');
    const operation = (api as unknown as Record<string, Record<string, Operation>>)[group]?.[own] as Operation;
    const headers = (): Record<string, string> =>
      as ? { 'Medlane-For': as.forUser, 'Medlane-Made-At': String(as.madeAt) } : {};
    const http = httpTransport({ base: door.url, fetch, headers });
    const said = name === 'sync.hello' ? { ...input, ...program } : { ...input };
    const answer = await http.call(name, operation, said, as ? { commandId: as.commandId } : {});
    if ((line.state as string) === 'deaf') throw new ApiError('unavailable');
    return answer;
  };
  let life = 0;
  /** A program that has ended hears nothing more. */
  const ofLife =
    (mine: number) =>
    async (...given: Parameters<typeof send>) => {
      const never = () => new Promise<never>(() => undefined);
      if (mine !== life) return never();
      try {
        const answer = await send(...given);
        return mine === life ? answer : never();
      } catch (error) {
        if (mine !== life) return never();
        throw error;
      }
    };
  const start = () => {
    life += 1;
    const cache = createCache(openMemory(path.join(folder, 'cache.db'), key));
    const outbox = createOutbox(openMemory(path.join(folder, 'outbox.db'), key));
    const core = createCore({
      ...{ cache, outbox, send: ofLife(life), station: code, appVersion: '0.0.0', newId: realPorts.id },
      now: () => clinic.time.now,
      after: realPorts.after,
      changed: () => undefined,
    });
    return { cache, outbox, core };
  };
  let running = start();
  return {
    core: () => running.core,
    outbox: () => running.outbox,
    cache: () => running.cache,
    ...{ line, program },
    as: (id) => {
      userId = id;
    },
    command: (operation, input) => running.core.command(operation, input, userId),
    crash() {
      running = start();
    },
    folder,
    close() {
      door.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** How many entries the audit log has of commands that were done for this device. */
export async function commandsOf(clinic: World, deviceId: string): Promise<number> {
  const { t, db } = clinic.server.app.reader;
  return (await db.select().from(t.commands).where(eq(t.commands.deviceId, deviceId))).length;
}
