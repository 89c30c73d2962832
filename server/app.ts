import { api } from '../contract/index.ts';
import type { Actor } from './actor.ts';
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
import { signInHandlers } from './auth/sign-ins.ts';
import { createTickets } from './auth/tickets.ts';
import { createTokens } from './auth/tokens.ts';
import { createUserHandlers } from './auth/users.ts';
import { createBackups } from './backup/backups.ts';
import { createBoardHandlers, viewBoard } from './board/board.ts';
import { branchHandlers } from './branches/branches.ts';
import { createCommitter, type FeedEntry } from './db/commit.ts';
import type { Store } from './db/open.ts';
import { createDeviceHandlers } from './devices/devices.ts';
import { createPairing } from './devices/pairing.ts';
import { createPairingHandlers, type DesksDoor } from './devices/pairing-commands.ts';
import { createPresence } from './devices/presence.ts';
import { createScreenHandlers } from './devices/screens.ts';
import { createDispatch, type Handlers } from './dispatch.ts';
import { createChangesHandlers } from './feed/feed.ts';
import { hearOthers } from './feed/hear-others.ts';
import { createSealedFiles } from './files/sealed-file.ts';
import { createHousekeeping } from './housekeeping.ts';
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

  const housekeeping = createHousekeeping({ committer, reader, ports, backups, presence, onBug: bug });
  const stopHousekeeping = housekeeping.start();
  await jobs.sweep();
  await housekeeping.closeDays();

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
      stopHousekeeping();
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
