import { request } from 'node:https';
import { networkInterfaces } from 'node:os';
import { expect } from 'vitest';
import type { Client } from '../../contract/client.ts';
import { API_PREFIX } from '../../contract/http.ts';
import type { MedlaneApi, MedlaneOperation } from '../../contract/index.ts';
import { routeOf } from '../../contract/kit.ts';
import type { Role } from '../../domain/people.ts';
import type { StepState } from '../../domain/visit.ts';
import { client, PASSWORD, type World, world } from '../support/clinic.ts';
import { openStationDoor } from '../support/station-door.ts';
import { type AskOptions, ask, type CodesOf, operationOf, type Raw, type Reply, replyOf } from './calls.ts';
import { EXAMPLES } from './examples.ts';

/** One documented answer, made to happen: the last request's answer. */
export type Scenario = (scene: Scene) => Promise<Reply>;
export type Scenarios = { readonly [N in MedlaneOperation]: { readonly [C in 'ok' | CodesOf<N>]: Scenario } };
/** The scenarios of one group of operations. */
export type Group<G extends string> = Pick<Scenarios, Extract<MedlaneOperation, `${G}.${string}`>>;

export type Place = Readonly<{ queueId: string; roomId: string }>;
export type SceneVisit = Place & Readonly<{ id: string; patientId: string; stepId: string; version: number }>;

export type Scene = Readonly<{
  world: World;
  /** Asks as someone who may (or as `as` says) and gives the bare answer. */
  ask: (name: MedlaneOperation, input?: Raw, options?: AskOptions & { as?: Role }) => Promise<Reply>;
  as: (role: Role) => Promise<Client<MedlaneApi>>;
  /** Asks from a paired desk, for somebody of this role; of no role, as the desk itself. */
  askAtDesk: (name: MedlaneOperation, input?: Raw, role?: Role, headers?: AskOptions['headers']) => Promise<Reply>;
  /** A word that nothing else is called. */
  fresh: (word: string) => string;
  newPatient: (change?: 'archived') => Promise<string>;
  newUser: (...roles: Role[]) => Promise<{ id: string; username: string; version: number }>;
  /** A queue with a room of its own. */
  newPlace: () => Promise<Place>;
  /** A visit in a state; its queue and room are its own unless a place is given. */
  newVisit: (state?: StepState, place?: Place) => Promise<SceneVisit>;
}>;

/** Noon in the test clinic, far from the day's end. */
const NOON = Date.parse('2026-11-18T07:00:00Z');

/** A clinic on a standing clock, with a door to the network. */
export async function openScene(): Promise<Scene> {
  const clinic = await world({ now: NOON, doors: { lan: 0, stations: 0 } });
  let made = 0;
  const fresh = (word: string) => `${word}-${++made}`;
  const as = (role: Role) => clinic.as(role, role);
  // A device that the clinic knows: somebody has signed in on it.
  const { id: adminId } = await (await as('admin')).auth.me();
  const desk = await openStationDoor(clinic, { code: 'R1', place: 'reception' }, `program-${adminId}`);

  async function newPatient(change?: 'archived') {
    const reception = await as('receptionist');
    const { id } = await reception.patients.register({ name: `Patient ${++made}` });
    if (change === 'archived') await reception.patients.archive({ id, reason: 'moved away' });
    return id;
  }

  async function newPlace(): Promise<Place> {
    const admin = await as('admin');
    const code = String.fromCharCode(...[676, 26, 1].map((unit) => 65 + (Math.floor(++made / unit) % 26)));
    const queue = await admin.queues.create({ code, name: fresh('Queue') });
    const room = await admin.rooms.create({ name: fresh('Room'), queueIds: [queue.id] });
    return { queueId: queue.id, roomId: room.id };
  }

  async function newVisit(state: StepState = 'waiting', given?: Place): Promise<SceneVisit> {
    const place = given ?? (await newPlace());
    const [reception, doctor] = [await as('receptionist'), await as('doctor')];
    const patientId = await newPatient();
    const { id } = await reception.visits.issue({ patientId, queueId: place.queueId });
    const reason = 'asked for by the scene';
    if (state !== 'waiting') await doctor.visits.call({ id, roomId: place.roomId, reason });
    if (state === 'in_room' || state === 'done') await doctor.visits.enter({ id });
    if (state === 'done') await doctor.visits.finish({ id });
    if (state === 'no_show') await doctor.visits.noShow({ id });
    if (state === 'parked') await doctor.visits.park({ id, reason });
    if (state === 'cancelled') await doctor.visits.cancel({ id, reason });
    const now = await doctor.visits.get({ id });
    expect(now.state).toBe(state);
    return { ...place, id, patientId, stepId: now.stepId, version: now.version };
  }

  return {
    world: clinic,
    as,
    async askAtDesk(name, input = {}, role, headers = {}) {
      const whose: Record<string, string> = role ? { 'Medlane-For': (await (await as(role)).auth.me()).id } : {};
      return ask(desk.url, name, input, { headers: { ...whose, ...headers } });
    },
    fresh,
    newPatient,
    newPlace,
    newVisit,
    async ask(name, input = {}, { as: role, ...options } = {}) {
      const { who } = operationOf(name);
      const person = role ?? (who === 'public' || who === 'station' ? undefined : who === 'anyone' ? 'admin' : who[0]);
      const token = person && options.token === undefined ? await clinic.token(person, person) : options.token;
      return ask(clinic.url, name, input, { ...options, token });
    },
    async newUser(...roles) {
      const { id, username, version } = await (await as('admin')).users.create({
        username: fresh('user'),
        name: 'Some One',
        password: PASSWORD,
        roles: roles.length > 0 ? roles : ['nurse'],
      });
      return { id, username, version };
    },
  };
}

/** Signs somebody in beside their other sign-ins. */
export async function signIn(scene: Scene, username: string): Promise<{ token: string; refreshToken: string }> {
  const answer = await client(scene.world.url).auth.login({
    identifier: username,
    password: PASSWORD,
    delivery: 'body',
  });
  return { token: answer.accessToken, refreshToken: answer.refreshToken ?? '' };
}

/** Asked six minutes after whoever may do it has proved who they are. */
export const late =
  (name: MedlaneOperation): Scenario =>
  async (scene) => {
    const { time } = scene.world;
    await scene.ask('auth.me', {}, { as: 'admin' });
    const noon = time.now;
    time.pass(6 * 60_000);
    try {
      return await scene.ask(name, EXAMPLES[name]);
    } finally {
      time.now = noon;
    }
  };

/** A fresh server with no clinic on it, for what only that can answer. */
export async function onEmptyServer(use: (empty: World) => Promise<Reply>): Promise<Reply> {
  const empty = await world({ empty: true, doors: { lan: 0, stations: 0 } });
  try {
    return await use(empty);
  } finally {
    await empty.close();
  }
}

/** This computer's address as others see it; without one, nothing can be asked from elsewhere. */
export const OWN_ADDRESS = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

/** Asks by the network door, so that the request comes from an address and not from this computer. */
export function askFromElsewhere(at: World, name: MedlaneOperation, input: Raw, token?: string): Promise<Reply> {
  const { method, path } = routeOf(operationOf(name));
  const port = new URL(at.server.doors['lan'] ?? '').port;
  const url = `https://${OWN_ADDRESS}:${port}${API_PREFIX}${path}`;
  const headers = { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  return new Promise((resolve, reject) => {
    // The certificate is of this clinic's own root: who asks is what counts here.
    request(url, { method, headers, rejectUnauthorized: false, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const held = new Headers(Object.entries(response.headers).map(([key, value]) => [key, String(value)]));
        resolve(replyOf(response.statusCode ?? 0, held, Buffer.concat(chunks).toString()));
      });
    })
      .on('error', reject)
      .end(JSON.stringify(input));
  });
}

/** Waits for long work to end, and gives how. */
export async function jobEnded(scene: Scene, id: string): Promise<string> {
  const admin = await scene.as('admin');
  const stateNow = async () => (await admin.jobs.get({ id })).state;
  await expect.poll(stateNow, { timeout: 20_000, interval: 20 }).not.toBe('running');
  return stateNow();
}

export const idOf = (reply: Reply): string => (reply.body.data as { id: string }).id;
