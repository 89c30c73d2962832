import { asc, gt, gte, lt, max } from 'drizzle-orm';
import { api } from '../contract/index.ts';
import { type Actor, systemActor } from './actor.ts';
import { createAuditHandlers } from './audit/handlers.ts';
import { createTraces } from './audit/traces.ts';
import { createAccountRequests } from './auth/account-requests.ts';
import { createAuthHandlers } from './auth/auth.ts';
import { createByMail } from './auth/by-mail.ts';
import { createEntrance } from './auth/entrance.ts';
import { createLockout } from './auth/lockout.ts';
import { createMailedCodes } from './auth/mailed-codes.ts';
import { createPasswordReset } from './auth/password-reset.ts';
import { createPasswords } from './auth/passwords.ts';
import { createProfiles } from './auth/profile.ts';
import { createResetRequests } from './auth/reset-requests.ts';
import { rightsHandlers } from './auth/rights.ts';
import { createSecondFactor } from './auth/second-factor.ts';
import { createSecondFactorHandlers } from './auth/second-factor-handlers.ts';
import { createSecurityKeys } from './auth/security-keys.ts';
import { actorOf, sessionHandlers } from './auth/sessions.ts';
import { pruneSignIns, signInHandlers } from './auth/sign-ins.ts';
import { createTickets } from './auth/tickets.ts';
import { createTokens } from './auth/tokens.ts';
import { createUserHandlers } from './auth/users.ts';
import { BACKUP_EVERY, createBackups } from './backup/backups.ts';
import { createBoardHandlers, viewBoard } from './board/board.ts';
import { branchHandlers } from './branches/branches.ts';
import { createCommitter, FEED_CHANNEL, type FeedEntry } from './db/commit.ts';
import { listenPostgres, type Store } from './db/open.ts';
import { createDeviceHandlers } from './devices/devices.ts';
import { createPairing } from './devices/pairing.ts';
import { createPairingHandlers, type DesksDoor } from './devices/pairing-commands.ts';
import { createPresence } from './devices/presence.ts';
import { createScreenHandlers } from './devices/screens.ts';
import { createDispatch, type Handlers } from './dispatch.ts';
import { createChangesHandlers, FEED_KEPT, metaOf } from './feed/feed.ts';
import { createSealedFiles } from './files/sealed-file.ts';
import { createIdentityHandlers } from './identity/handlers.ts';
import { createVerificationHandlers } from './identity/review.ts';
import { createIdentityVault } from './identity/sealing.ts';
import { createJobs } from './jobs/jobs.ts';
import { createWorkers } from './jobs/workers.ts';
import type { MasterKey } from './keys.ts';
import { createMailHandlers } from './mail/handlers.ts';
import { createLetters } from './mail/letters.ts';
import { createPost } from './mail/post.ts';
import { noteHandlers } from './notes/notes.ts';
import { createPaperHandlers } from './paper/papers.ts';
import { createPrinter } from './paper/printer.ts';
import { createPatientCommands } from './patients/commands.ts';
import { createImportHandlers } from './patients/import.ts';
import { createPatientQueries } from './patients/queries.ts';
import { createSearches } from './patients/searches.ts';
import { pharmacyHandlers } from './pharmacies/pharmacies.ts';
import type { Ports } from './ports.ts';
import { createReportHandlers } from './reports/reports.ts';
import { createSecurityHandlers } from './security/security.ts';
import { createDemo } from './setup/demo.ts';
import { createSetupHandlers } from './setup/setup.ts';
import { sheetHandlers } from './sheet/sheet.ts';
import { createSyncHandlers } from './sync/sync.ts';
import { settingsHandlers } from './system/settings.ts';
import { createSystemHandlers } from './system/system.ts';
import { createAuthority } from './transport/authority.ts';
import { createSockets } from './transport/sockets.ts';
import type { Vault } from './vault.ts';
import { createVisitCommands } from './visits/commands.ts';
import { closeOldDays, hasOldDays } from './visits/day.ts';
import { createVisitQueries } from './visits/queries.ts';
import { createQueueHandlers } from './visits/queues.ts';
import { roomHandlers } from './visits/rooms.ts';
import { createWaits } from './visits/waits.ts';

export type AppOptions = Readonly<{
  store: Store;
  vault: Vault;
  master: MasterKey;
  ports: Ports;
  version: string;
  /** Where backups and passing files go. */
  folder: string;
  /** Demo data and translations. */
  resources: URL;
  clinicId: string;
  epoch: string;
  onBug: (error: unknown, operation: string, requestId: string) => void;
}>;

/** The desks' door as the app needs it: told when something about a device changed. */
export type OpenedDoor = DesksDoor & Readonly<{ deviceChanged: (deviceId: string) => void }>;
export type App = Awaited<ReturnType<typeof createApp>>;

/** Stored answers and the audit of commands: the promise is 90 days. */
const ANSWERS_KEPT = 90 * 86_400_000;
const MINUTE = 60_000;

/** The composition root: everything the server is made of, wired by hand, top to bottom. */
export async function createApp(options: AppOptions) {
  const { store, vault, master, ports, version, folder, clinicId, epoch, onBug } = options;
  const { reader } = store;
  const bug = (error: unknown) => onBug(error, 'background', '');

  // What speaks to the world
  const tokens = createTokens(vault, ports);
  const waits = createWaits(reader, ports);
  const sockets = createSockets({
    viewBoard: (boardId) => viewBoard(reader, waits, boardId, ports.now()),
    epoch: () => epoch,
    now: ports.now,
    after: ports.after,
    onBug: bug,
  });

  const authority = createAuthority(store, vault, ports, clinicId);
  /** Whoever opens the doors puts the desks' own in this place; without a server there is none. */
  let desksDoor: OpenedDoor = { open: async () => null, addresses: () => [], deviceChanged: () => {} };

  // What changes the clinic
  const traces = createTraces(store.writer, vault, ports, () => ({ clinicId, epoch }));
  const hear = (entries: readonly FeedEntry[]) => {
    if (entries.some(({ event }) => event === 'room.changed' || event === 'settings.changed')) waits.forget();
    sockets.announce(entries);
    for (const { event, payload } of entries)
      if (event === 'device.changed') desksDoor.deviceChanged(String(payload['deviceId']));
  };
  const announce = store.dialect === 'sqlite' ? hear : () => {};
  const committer = createCommitter({
    connection: store.writer,
    traces,
    patientKeys: vault.patientKeys,
    ports,
    announce,
    onBug,
  });
  const stopListening = await hearOthers(store, hear, bug);

  // What it can do
  const passwords = createPasswords(vault.pepper, ports.hashing);
  const jobs = createJobs(committer, reader, ports, sockets.announceJob, bug);
  const workers = createWorkers(store.location, master.bytes);
  const files = createSealedFiles(`${folder}/passing`);
  const backups = createBackups({
    committer,
    reader,
    ports,
    jobs,
    workers,
    master: master.bytes,
    folder: `${folder}/backups`,
  });
  const presence = createPresence(committer, ports);
  const searches = createSearches(committer, ports, vault.detailKey);
  const visitCommands = createVisitCommands(waits);
  const visitQueries = createVisitQueries(waits);
  const entrance = createEntrance(tokens);
  const lockout = createLockout();
  const tickets = createTickets(tokens);
  const keys = createSecurityKeys(tokens);
  const factor = createSecondFactor(vault, tokens, ports, keys);
  const codes = createMailedCodes(tokens, ports);
  const reset = createPasswordReset(tokens, ports, codes);
  const post = createPost({ reader, vault, letters: createLetters(options.resources) });
  const inBackground = (error: unknown, operation: string) => onBug(error, operation, '');
  const requests = createResetRequests({ committer, reader, codes, factor, post, ports, onBug: inBackground });
  const byMail = createByMail({ codes, factor, lockout, post, requests, tickets });
  const profiles = createProfiles(vault);
  const identityVault = createIdentityVault(vault);
  const pairing = createPairing({ ...ports, clinic: authority.clinic });
  const door: DesksDoor = { open: () => desksDoor.open(), addresses: () => desksDoor.addresses() };
  const demo = createDemo(passwords, vault.patientKeys, visitCommands, options.resources);

  const printer = createPrinter(options.resources);

  const handlers: Handlers = {
    system: createSystemHandlers({ backups, master, startedAt: ports.now(), version, sockets }),
    setup: createSetupHandlers(passwords, demo, master.bytes),
    settings: settingsHandlers,
    changes: createChangesHandlers(visitQueries.rowOf),
    auth: createAuthHandlers({
      ...{ passwords, tokens, entrance, factor, keys, lockout, tickets, reset, codes },
      byMail: byMail.auth,
    }),
    secondFactor: createSecondFactorHandlers({ factor, keys, lockout, tickets }),
    ownEmail: byMail.ownEmail,
    profile: profiles.profile,
    mail: createMailHandlers(vault, post),
    sessions: sessionHandlers,
    signIns: signInHandlers,
    users: createUserHandlers({ passwords, factor, reset, picture: profiles.picture }),
    accountRequests: createAccountRequests(passwords),
    rights: rightsHandlers,
    branches: branchHandlers,
    devices: createDeviceHandlers({ authority, presence }),
    pairing: createPairingHandlers({ pairing, authority, door }),
    screens: createScreenHandlers(entrance, ports),
    patients: { ...createPatientCommands(vault.patientKeys), ...createPatientQueries(searches) },
    imports: createImportHandlers({ committer, reader, keys: vault.patientKeys, files, jobs, ports }),
    jobs: jobs.handlers,
    visits: { ...visitCommands.visits, ...visitQueries.handlers },
    notes: noteHandlers,
    queues: { ...createQueueHandlers(waits), callNext: visitCommands.callNext },
    rooms: roomHandlers,
    boards: createBoardHandlers(waits),
    paper: createPaperHandlers(visitQueries, printer),
    reports: createReportHandlers(printer),
    audit: createAuditHandlers({ vault, jobs, workers }),
    backups: backups.handlers,
    sync: createSyncHandlers({ waits, presence, version }),
    sheet: sheetHandlers,
    security: createSecurityHandlers({ backups, master, presence }),
    identity: createIdentityHandlers({ vault: identityVault, committer, ports }),
    verifications: createVerificationHandlers(identityVault),
    pharmacies: pharmacyHandlers,
  };
  const dispatch = createDispatch({ api, handlers, committer, reader, ports, pepper: vault.pepper });

  // What happens by itself
  const stopTimers = [
    every(ports, MINUTE, () => committer.checkpoint()),
    every(ports, MINUTE, () => presence.flush()),
    every(ports, MINUTE, () => closeDays()),
    every(ports, 60 * MINUTE, () => prune()),
    every(ports, 10 * MINUTE, () => backUpWhenDue()),
  ];

  /** Closes the days that ended while nobody was there. */
  async function closeDays(): Promise<void> {
    for (const { id } of await reader.db.select({ id: reader.t.branches.id }).from(reader.t.branches)) {
      if (!(await hasOldDays(reader, id, ports.now()))) continue;
      const actor = systemActor(id);
      const commandId = ports.id();
      await committer.submit({
        ...{
          actor,
          commandId,
          requestId: commandId,
          operation: 'day.open',
          bodyHash: null,
          confidential: false,
          quiet: true,
        },
        run: (tx, voice) =>
          closeOldDays({ tx, actor, branchId: id, now: ports.now(), id: ports.id, commandId, emit: voice.emit }),
      });
    }
  }

  async function prune(): Promise<void> {
    const commandId = ports.id();
    await committer.submit({
      ...{
        actor: systemActor(null),
        commandId,
        requestId: commandId,
        operation: 'traces.pruned',
        bodyHash: null,
        confidential: false,
        quiet: true,
      },
      async run(tx) {
        const { t, db } = tx;
        // Entries stand in the order of their numbers: the first one young enough is found from the old end.
        const young = await db
          .select({ seq: t.feed.seq })
          .from(t.feed)
          .where(gte(t.feed.at, ports.now() - FEED_KEPT))
          .orderBy(asc(t.feed.seq))
          .limit(1);
        if (young[0]) await db.delete(t.feed).where(lt(t.feed.seq, young[0].seq));
        await db.delete(t.commands).where(lt(t.commands.at, ports.now() - ANSWERS_KEPT));
        await db.delete(t.undoable).where(lt(t.undoable.at, ports.now() - 10 * MINUTE));
        await pruneSignIns(tx, ports.now());
      },
    });
  }

  async function backUpWhenDue(): Promise<void> {
    if ((await metaOf(reader, 'setUp')) === null) return;
    const last = await backups.lastGood(reader);
    if (last === null || ports.now() - last >= BACKUP_EVERY) await backups.make().catch(bug);
  }

  await jobs.sweep();
  await closeDays();

  return {
    dispatch,
    reader,
    sockets,
    backups,
    presence,
    identify: (token: string, from: Actor) => actorOf(reader, tokens, token, from, ports.now()),
    takeDoor(door: OpenedDoor) {
      desksDoor = door;
    },
    /** Lets what has begun finish, signs where the audit stands, and closes the store. */
    async close() {
      for (const stop of stopTimers) stop();
      await sockets.close();
      await searches.flush();
      await presence.flush();
      await requests.close();
      await jobs.close();
      await committer.checkpoint();
      await committer.close();
      await stopListening();
      files.clear();
      await store.close();
    },
  };
}

function every(ports: Ports, ms: number, run: () => Promise<unknown>): () => void {
  let stop = () => {};
  const again = () => {
    stop = ports.after(
      ms,
      () =>
        void run()
          .catch(() => {})
          .finally(again),
    );
  };
  again();
  return () => stop();
}

/** On PostgreSQL other processes commit, too: each reads the feed onward whenever any of them did. */
async function hearOthers(
  store: Store,
  announce: (entries: readonly FeedEntry[]) => void,
  onBug: (error: unknown) => void,
): Promise<() => Promise<void>> {
  if (store.location.dialect !== 'postgres') return async () => {};
  const { t, db } = store.reader;
  let last = (await db.select({ seq: max(t.feed.seq) }).from(t.feed))[0]?.seq ?? 0;
  let reading: Promise<void> = Promise.resolve();
  const readOn = async () => {
    const entries = await db.select().from(t.feed).where(gt(t.feed.seq, last)).orderBy(asc(t.feed.seq));
    last = entries.at(-1)?.seq ?? last;
    if (entries.length > 0) announce(entries);
  };
  return listenPostgres(store.location.url, FEED_CHANNEL, () => {
    reading = reading.then(readOn).catch(onBug);
  });
}
