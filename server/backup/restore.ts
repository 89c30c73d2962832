import { chmodSync, copyFileSync, existsSync, renameSync } from 'node:fs';
import path from 'node:path';
import { eq, isNull, like, sql } from 'drizzle-orm';
import { keyOfName } from '../../domain/people.ts';
import { tokenSeries } from '../../domain/token.ts';
import { systemActor } from '../actor.ts';
import { createTraces } from '../audit/traces.ts';
import { createPasswords } from '../auth/passwords.ts';
import { branchOf, todayOf } from '../clinic.ts';
import type { ServerOptions } from '../clinic-server.ts';
import { lockFolder } from '../data-folder.ts';
import { createCommitter } from '../db/commit.ts';
import { migrate } from '../db/migrate.ts';
import { openStore, type Store } from '../db/open.ts';
import type { Tx } from '../db/scope.ts';
import { STATIONS } from '../devices/stations.ts';
import { metaOf, setMeta } from '../feed/feed.ts';
import { syncFile, syncFolder, writeDurably } from '../files/durable.ts';
import { fromRecoveryKit, keyFromFile } from '../keys.ts';
import { openVault } from '../vault.ts';
import { checkBackup, copyRows, databaseKey } from './copy.ts';

export type RestoreOrder = Readonly<{ file: string; kit?: string; admin?: string }>;
export type Restored = Readonly<{
  patients: number;
  auditEntries: number;
  password: string | null;
  kept: string | null;
}>;

/**
 * Puts a backup in the folder's place, after looking through all of it. What was there stays beside it. The restored
 * clinic begins a new epoch, so that nobody takes it for the one they saw last; everyone signs in anew.
 */
export async function restoreBackup(options: ServerOptions, order: RestoreOrder): Promise<Restored> {
  const { folder, ports, database } = options;
  const unlock = lockFolder(folder);
  try {
    const master = order.kit ? fromRecoveryKit(order.kit) : keyFromFile(folder.keyFile, true).bytes;
    const key = databaseKey(master);
    const auditEntries = checkBackup(order.file, key);
    const stamp = new Date(ports.now()).toISOString().replace(/[:.]/g, '');
    let kept: string | null = null;
    if (database) await copyRows({ dialect: 'sqlite', file: order.file, key }, { dialect: 'postgres', url: database });
    else kept = swapIn(folder.database, order.file, stamp);
    if (order.kit) keepKey(folder.keyFile, master, stamp);
    const store = await openStore(
      database ? { dialect: 'postgres', url: database } : { dialect: 'sqlite', file: folder.database, key },
    );
    try {
      await migrate(store.writer, { now: ports.now() });
      const password = await begin(store, master, options, order);
      const patients = (await store.reader.db.select({ id: store.reader.t.patients.id }).from(store.reader.t.patients))
        .length;
      return { patients, auditEntries, password, kept };
    } finally {
      await store.close();
    }
  } finally {
    unlock();
  }
}

/** The copy arrives under another name and takes the place in one step; a crash leaves the one or the other. */
function swapIn(target: string, backup: string, stamp: string): string | null {
  const arriving = `${target}.arriving`;
  copyFileSync(backup, arriving);
  chmodSync(arriving, 0o600);
  syncFile(arriving);
  const kept = existsSync(target) ? `${target}.before-restore-${stamp}` : null;
  for (const suffix of ['-wal', '-shm'])
    if (kept && existsSync(target + suffix)) renameSync(target + suffix, kept + suffix);
  if (kept) renameSync(target, kept);
  renameSync(arriving, target);
  syncFolder(path.dirname(target));
  return kept;
}

function keepKey(file: string, master: Buffer, stamp: string): void {
  if (existsSync(file)) renameSync(file, `${file}.before-restore-${stamp}`);
  writeDurably(file, `${master.toString('hex')}\n`);
}

/** So many numbers a queue, or a series of cards, may have given between the backup and the loss; and so many desks were added. */
const ROOM = 100;
const ROOM_FOR_DESKS = 10;

/**
 * Slips of today, patients' cards and desks' codes that the backup does not know are in people's hands: their numbers are
 * left out.
 */
async function leaveRoom(tx: Tx, branchId: string, now: number): Promise<void> {
  const { t, db } = tx;
  const leave = (series: string, room: number) =>
    db
      .insert(t.counters)
      .values({ series, branchId, value: room })
      .onConflictDoUpdate({ target: t.counters.series, set: { value: sql`${t.counters.value} + ${room}` } });
  const day = todayOf(await branchOf(tx, branchId), now);
  const queues = await db.select({ id: t.queues.id }).from(t.queues).where(eq(t.queues.branchId, branchId));
  for (const { id } of queues) await leave(tokenSeries(id, day), ROOM);
  await leave(STATIONS, ROOM_FOR_DESKS);
  await db
    .update(t.counters)
    .set({ value: sql`${t.counters.value} + ${ROOM}` })
    .where(like(t.counters.series, `${branchId}:registration:%`));
}

/** A new epoch, everyone signed out, the administrator let in, all of it in the audit. */
async function begin(
  store: Store,
  master: Buffer,
  { ports }: ServerOptions,
  { admin }: RestoreOrder,
): Promise<string | null> {
  const vault = await openVault(store, master, ports);
  const before = (await metaOf(store.reader, 'epoch')) ?? '';
  const clinicId = (await metaOf(store.reader, 'clinicId')) ?? '';
  const branchId = await metaOf(store.reader, 'setUp');
  const epoch = ports.id();
  const traces = createTraces(store.writer, vault, ports, () => ({ clinicId, epoch }));
  const onBug = (error: unknown) => {
    throw error;
  };
  const committer = createCommitter({
    connection: store.writer,
    traces,
    patientKeys: vault.patientKeys,
    ports,
    announce: () => {},
    onBug,
  });
  const password = admin ? ports.random(12).toString('base64url') : null;
  const passwordHash = password ? await createPasswords(vault.pepper, ports.hashing).hash(password) : null;
  const commandId = ports.id();
  await committer.submit({
    ...{
      actor: systemActor(branchId),
      requestId: commandId,
      operation: 'backups.restored',
      commandId,
      bodyHash: null,
      confidential: false,
    },
    async run(tx, voice) {
      const { t, db } = tx;
      await setMeta(tx, `epoch:${before}`, before);
      await setMeta(tx, 'epoch', epoch);
      await db
        .update(t.sessions)
        .set({ endedAt: ports.now(), endReason: 'restored' })
        .where(isNull(t.sessions.endedAt));
      if (admin && passwordHash) {
        // Whoever holds the recovery kit is in, also without the telephone and the key.
        const reset = {
          ...{ passwordHash, passwordGiven: true, active: true, suspendedAt: null },
          ...{ failures: 0, stage: 0, lockedUntil: null },
          ...{ totpKey: null, totpPending: null, totpSince: null, keySince: null, mailCodes: false },
        };
        const changed = await db
          .update(t.users)
          .set(reset)
          .where(eq(t.users.usernameKey, keyOfName(admin)))
          .returning({ id: t.users.id });
        const [user] = changed;
        if (!user) throw new Error(`The backup has no account ${admin}.`);
        await db.delete(t.recoveryCodes).where(eq(t.recoveryCodes.userId, user.id));
        await db.delete(t.securityKeys).where(eq(t.securityKeys.userId, user.id));
      }
      if (branchId) await leaveRoom(tx, branchId, ports.now());
      voice.record({ resource: 'backup', after: { epoch, before, admin: admin ?? null } });
    },
  });
  await committer.close();
  return password;
}
