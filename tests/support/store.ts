import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inject } from 'vitest';
import { systemActor } from '../../server/actor.ts';
import { createTraces } from '../../server/audit/traces.ts';
import { databaseKey } from '../../server/backup/copy.ts';
import { type Committer, createCommitter, type FeedEntry, type Work } from '../../server/db/commit.ts';
import { migrate } from '../../server/db/migrate.ts';
import { openStore, type Store, type StoreLocation } from '../../server/db/open.ts';
import { type Ports, realPorts } from '../../server/ports.ts';
import { openVault, type Vault } from '../../server/vault.ts';
import type { Dialect } from './clinic.ts';
import { createDatabase } from './postgres.ts';

export const MASTER = Buffer.alloc(32, 7);
export const BRANCH = 'branch-1';

export type Bench = Readonly<{
  store: Store;
  vault: Vault;
  committer: Committer;
  announced: FeedEntry[];
  died: string[];
  bugs: unknown[];
  folder: string;
  /** A command of this branch. */
  work: <T>(run: Work<T>['run'], more?: Partial<Work<T>>) => Work<T>;
  close: () => Promise<void>;
}>;

/** A real store with its committer, and nothing above it. */
export async function storeBench(dialect: Dialect, ports: Partial<Ports> = {}): Promise<Bench> {
  const folder = mkdtempSync(path.join(tmpdir(), 'medlane-store-'));
  const location: StoreLocation =
    dialect === 'sqlite'
      ? { dialect, file: path.join(folder, 'medlane.db'), key: databaseKey(MASTER) }
      : { dialect, url: await createDatabase(inject('postgres')) };
  const store = await openStore(location);
  await migrate(store.writer, { now: Date.now() });
  const died: string[] = [];
  const bugs: unknown[] = [];
  const announced: FeedEntry[] = [];
  const own: Ports = {
    ...realPorts,
    die: (why) => {
      died.push(why);
      throw new Error(why);
    },
    ...ports,
  };
  const vault = await openVault(store, MASTER, own);
  const traces = createTraces(store.writer, vault, own, () => ({ clinicId: 'clinic', epoch: 'epoch' }));
  const committer = createCommitter({
    connection: store.writer,
    traces,
    patientKeys: vault.patientKeys,
    ports: own,
    announce: (entries) => announced.push(...entries),
    onBug: (error) => bugs.push(error),
  });
  const { db, t } = store.writer;
  const times = { createdAt: 1, updatedAt: 1 };
  await db.insert(t.branches).values({
    ...{
      id: BRANCH,
      code: 'MAIN',
      name: 'Test',
      timeZone: 'Asia/Karachi',
      rollOverHour: 0,
      registrationPattern: 'NN-NN-NNN',
    },
    ...{ backupFolder: null, demo: false, openDay: '2026-01-01', version: 1, ...times },
  });
  return {
    ...{ store, vault, committer, announced, died, bugs, folder },
    work: (run, more) => ({
      actor: systemActor(BRANCH),
      requestId: own.id(),
      operation: 'test.work',
      commandId: own.id(),
      bodyHash: 'body',
      confidential: false,
      run,
      ...more,
    }),
    async close() {
      await committer.close();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
