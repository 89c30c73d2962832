import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { MedlaneApi } from '../contract/index.ts';
import type { Given, Output } from '../contract/kit.ts';
import type { Subject } from '../domain/verification.ts';
import { OPEN_STATES, type StepState } from '../domain/visit.ts';
import type { Medlane } from './api.ts';

/** Every question a screen asks, with its key. The first part of a key is what `feed.ts` calls old. */
type Answer<F extends (...args: never[]) => Promise<unknown>> = Awaited<ReturnType<F>>;
export type VisitRow = Answer<Medlane['visits']['list']>['items'][number];
export type Visit = Answer<Medlane['visits']['issue']>;
export type Queue = Answer<Medlane['queues']['list']>['items'][number];
export type Room = Answer<Medlane['rooms']['list']>['items'][number];
export type Board = Answer<Medlane['boards']['list']>['items'][number];
export type FoundPatient = Answer<Medlane['patients']['list']>['items'][number];
export type Patient = Answer<Medlane['patients']['get']>;
export type Note = Answer<Medlane['notes']['list']>['items'][number];
export type UserRow = Answer<Medlane['users']['list']>['items'][number];
export type RightsRow = Answer<Medlane['rights']['list']>['items'][number];
export type FeatureRow = RightsRow['features'][number];
export type RequestRow = Answer<Medlane['accountRequests']['list']>['items'][number];
export type BranchRow = Answer<Medlane['branches']['list']>['items'][number];
export type AuditEntry = Answer<Medlane['audit']['list']>['items'][number];
export type ClinicNow = Answer<Medlane['system']['now']>;
export type ClinicSettings = Answer<Medlane['settings']['get']>;
export type SheetLine = Answer<Medlane['sheet']['list']>['items'][number];
export type Me = Answer<Medlane['auth']['me']>;

const LIMIT = 500;

export const setupState = (api: Medlane) =>
  queryOptions({
    queryKey: ['setup'],
    queryFn: () => api.setup.state(),
    refetchInterval: ({ state }) => (state.error ? 2000 : false),
  });
export const me = (api: Medlane) => queryOptions({ queryKey: ['me'], queryFn: () => api.auth.me() });
/** Who may take over this desk by PIN. */
export const devicePeople = (api: Medlane) =>
  queryOptions({ queryKey: ['people'], queryFn: () => api.auth.people(), staleTime: 0 });
/** One's own authenticator app, and where one is signed in. */
export const ownFactor = (api: Medlane) =>
  queryOptions({ queryKey: ['factor'], queryFn: () => api.secondFactor.get(), staleTime: 0 });
export type Picture = NonNullable<Answer<Medlane['profile']['get']>['picture']>;
export const ownProfile = (api: Medlane) =>
  queryOptions({ queryKey: ['profile'], queryFn: () => api.profile.get(), staleTime: Number.POSITIVE_INFINITY });
export const pictureOf = (api: Medlane, id: string) =>
  queryOptions({ queryKey: ['profile', id], queryFn: () => api.users.picture({ id }) });
export const ownSessions = (api: Medlane) =>
  queryOptions({ queryKey: ['sessions'], queryFn: () => api.sessions.list(), staleTime: 0 });
export type SignInRow = Answer<Medlane['signIns']['list']>['items'][number];
export const ownSignIns = (api: Medlane) =>
  infiniteQueryOptions({
    queryKey: ['sign-ins', 'own'],
    queryFn: ({ pageParam }) => api.signIns.mine({ limit: 20, ...(pageParam ? { cursor: pageParam } : {}) }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    staleTime: 0,
  });
export type SignInFilter = Pick<Given<MedlaneApi['signIns']['list']>, 'outcome' | 'minRisk' | 'userId'>;
export const signInPages = (api: Medlane, filter: SignInFilter) =>
  infiniteQueryOptions({
    queryKey: ['sign-ins', filter],
    queryFn: ({ pageParam }) => api.signIns.list({ ...filter, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
export const securityNow = (api: Medlane) =>
  queryOptions({ queryKey: ['security'], queryFn: () => api.security.now(), staleTime: 0, refetchInterval: 60_000 });
export const accountRequestsNow = (api: Medlane) =>
  queryOptions({
    queryKey: ['account-requests'],
    queryFn: () => api.accountRequests.list({ state: 'pending' }),
    staleTime: 0,
    refetchInterval: 60_000,
  });
export const rightsNow = (api: Medlane) =>
  queryOptions({ queryKey: ['rights'], queryFn: () => api.rights.list(), staleTime: 0 });
export type PharmacyRow = Answer<Medlane['pharmacies']['list']>['items'][number];
export const pharmacyList = (api: Medlane) =>
  queryOptions({ queryKey: ['pharmacies'], queryFn: () => api.pharmacies.list() });
export const branchList = (api: Medlane) =>
  queryOptions({ queryKey: ['branches'], queryFn: () => api.branches.list() });
export const settingsNow = (api: Medlane) =>
  queryOptions({ queryKey: ['settings'], queryFn: () => api.settings.get() });
/** The clinic's mail server; its password stays where it is. */
export const mailServer = (api: Medlane) =>
  queryOptions({ queryKey: ['mail'], queryFn: () => api.mail.get(), staleTime: 0 });
export const queueList = (api: Medlane) => queryOptions({ queryKey: ['queues'], queryFn: () => api.queues.list() });
export const roomList = (api: Medlane) => queryOptions({ queryKey: ['rooms'], queryFn: () => api.rooms.list() });
export const staffList = (api: Medlane) => queryOptions({ queryKey: ['staff'], queryFn: () => api.users.staff() });
export const boardList = (api: Medlane) => queryOptions({ queryKey: ['boards'], queryFn: () => api.boards.list() });
export const boardNow = (api: Medlane, id: string) =>
  queryOptions({ queryKey: ['board', id], queryFn: () => api.boards.get({ id }) });

/** Everybody who is in the clinic and not finished: one answer that every staff screen shares. */
export const openVisits = (api: Medlane) =>
  queryOptions({
    queryKey: ['visits', 'open'],
    queryFn: () => api.visits.list({ state: [...OPEN_STATES], limit: LIMIT }),
  });
export const visitsIn = (api: Medlane, states: readonly StepState[]) =>
  infiniteQueryOptions({
    queryKey: ['visits', 'in', states],
    queryFn: ({ pageParam }) =>
      api.visits.list({ state: [...states], limit: 100, ...(pageParam ? { cursor: pageParam } : {}) }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
export const visitWhy = (api: Medlane, id: string) =>
  queryOptions({ queryKey: ['visit', id, 'why'], queryFn: () => api.visits.why({ id }) });
export const visitHistory = (api: Medlane, id: string) =>
  queryOptions({ queryKey: ['visit', id, 'history'], queryFn: () => api.visits.history({ id }) });

export const patientSearch = (api: Medlane, q: string, limit = 8) =>
  queryOptions({
    queryKey: ['patients', 'search', q, limit],
    queryFn: ({ signal }) => api.patients.list({ q, limit }, { signal }),
    enabled: [...q].length >= 2,
    placeholderData: keepPreviousData,
    staleTime: 2000,
  });
export const patientPages = (api: Medlane, input: Pick<Given<MedlaneApi['patients']['list']>, 'q' | 'archived'>) =>
  infiniteQueryOptions({
    queryKey: ['patients', 'pages', input],
    queryFn: ({ pageParam }) => api.patients.list({ ...input, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
/** Reading a record leaves an audit entry, so it is asked for once and renewed only when it changed. */
export const patientRecord = (api: Medlane, id: string) =>
  queryOptions({
    queryKey: ['patient', id],
    queryFn: () => api.patients.get({ id }),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** What clinicians wrote; read afresh whenever somebody comes in. */
export const patientNotes = (api: Medlane, id: string) =>
  queryOptions({
    queryKey: ['patient', id, 'notes'],
    queryFn: () => api.notes.list({ id, limit: 50 }),
    staleTime: 0,
    refetchOnReconnect: false,
  });

export const clinicNow = (api: Medlane) =>
  queryOptions({ queryKey: ['now'], queryFn: () => api.system.now(), refetchInterval: 15_000 });
export const sheetPages = (api: Medlane, settled: 'open' | 'settled') =>
  infiniteQueryOptions({
    queryKey: ['sheet', settled],
    queryFn: ({ pageParam }) => api.sheet.list({ settled, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  });
export const deviceList = (api: Medlane) =>
  queryOptions({ queryKey: ['devices'], queryFn: () => api.devices.list(), refetchInterval: 10_000 });
export type Device = Output<MedlaneApi['devices']['list']>['devices'][number];
/** While a desk is being added somebody waits for each step. */
export const pairingNow = (api: Medlane) =>
  queryOptions({ queryKey: ['pairing'], queryFn: () => api.pairing.pending(), refetchInterval: 1000, gcTime: 0 });
export type UserFilter = Pick<Given<MedlaneApi['users']['list']>, 'q' | 'role' | 'active'>;
export const userPages = (api: Medlane, filter: UserFilter = {}) =>
  infiniteQueryOptions({
    queryKey: ['users', filter],
    queryFn: ({ pageParam }) =>
      api.users.list({ limit: 100, sort: 'name', ...filter, ...(pageParam ? { cursor: pageParam } : {}) }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
export type Whose = Readonly<{ subject: Subject; subjectId: string }>;
export type IdentityDocument = Answer<Medlane['identity']['get']>['documents'][number];
export const identityOf = (api: Medlane, { subject, subjectId }: Whose) =>
  queryOptions({ queryKey: ['identity', subject, subjectId], queryFn: () => api.identity.get({ subject, subjectId }) });
export type VerificationRow = Answer<Medlane['verifications']['list']>['items'][number];
export type Verification = Answer<Medlane['verifications']['get']>;
export type VerificationFilter = Pick<Given<MedlaneApi['verifications']['list']>, 'subject' | 'status'>;
export const verificationPages = (api: Medlane, filter: VerificationFilter) =>
  infiniteQueryOptions({
    queryKey: ['verifications', 'pages', filter],
    queryFn: ({ pageParam }) =>
      api.verifications.list({ ...filter, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
export const verificationNow = (api: Medlane, id: string) =>
  queryOptions({ queryKey: ['verifications', 'one', id], queryFn: () => api.verifications.get({ id }), staleTime: 0 });
export type AuditFilter = Pick<
  Given<MedlaneApi['audit']['list']>,
  'from' | 'to' | 'actorId' | 'patientId' | 'action' | 'outcome'
>;
export const auditPages = (api: Medlane, filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam }) => api.audit.list({ ...filter, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
export const checkpoints = (api: Medlane) =>
  queryOptions({ queryKey: ['audit-checkpoints'], queryFn: () => api.audit.checkpoints({ limit: 20 }) });
export const backupList = (api: Medlane) =>
  queryOptions({ queryKey: ['backups'], queryFn: () => api.backups.list({ limit: 20 }) });
export const jobNow = (api: Medlane, id: string) =>
  queryOptions({
    queryKey: ['job', id],
    queryFn: () => api.jobs.get({ id }),
    // The socket tells of progress; this is for a screen that missed it.
    refetchInterval: ({ state }) => (state.data && state.data.state !== 'running' ? false : 1500),
  });
