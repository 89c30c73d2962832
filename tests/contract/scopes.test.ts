import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HANDED_IN } from '../../contract/devices.ts';
import type { MedlaneOperation } from '../../contract/index.ts';
import { featureOf } from '../../contract/kit.ts';
import { PASSWORD } from '../support/clinic.ts';
import { ask, OPERATIONS, type Raw } from './calls.ts';
import { EXAMPLES, PEOPLE_CSV } from './examples.ts';
import { openScene, type Scene, signIn } from './scenes.ts';

/**
 * Every operation that names a record, tried on the records of another branch, by whoever may do everything in their own:
 * they are as good as absent.
 */

type Kind = 'patient' | 'twin' | 'visit' | 'queue' | 'room' | 'board' | 'user' | 'job' | 'device' | 'pharmacy';

/** What the `id` of a group's operations names; those left out name nothing that belongs to a branch. */
const KIND_OF_ID: Readonly<Record<string, Kind>> = {
  ...{ patients: 'patient', visits: 'visit', queues: 'queue', rooms: 'room', boards: 'board', users: 'user' },
  ...{ jobs: 'job', devices: 'device', paper: 'visit', notes: 'patient', reports: 'user', pharmacies: 'pharmacy' },
};
const EXCEPTIONS: Readonly<Record<string, Kind>> = {
  ...{ 'notes.save': 'visit', 'paper.countCard': 'patient', 'paper.card': 'patient' },
};
const KIND_OF_KEY: Readonly<Record<string, Kind>> = {
  ...{ patientId: 'patient', intoId: 'twin', queueId: 'queue', roomId: 'room', boardId: 'board', userId: 'user' },
};

let scene: Scene;
let token: string;
let theirs: Readonly<Record<Kind, string>>;

beforeAll(async () => {
  scene = await openScene();
  const { username } = await scene.newUser('super_admin');
  const elsewhere = (await signIn(scene, username)).token;
  const there = async (name: MedlaneOperation, input: Raw): Promise<Record<string, unknown>> => {
    const reply = await ask(scene.world.url, name, input, { token: elsewhere });
    expect(reply.body.error).toBeUndefined();
    return reply.body.data as Record<string, unknown>;
  };
  const idOf = async (name: MedlaneOperation, input: Raw) => String((await there(name, input))['id']);
  const branch = await idOf('branches.create', { code: 'FAR', name: 'By the river' });
  await there('branches.enter', { id: branch });
  const queue = await idOf('queues.create', { code: 'Q', name: 'Theirs' });
  const room = await idOf('rooms.create', { name: 'Theirs', queueIds: [queue] });
  const board = await idOf('boards.create', { name: 'Theirs', queueIds: [queue] });
  const patient = await idOf('patients.register', { name: 'Their Patient' });
  const twin = await idOf('patients.register', { name: 'Their Other Patient' });
  const pharmacy = await idOf('pharmacies.create', { name: 'Theirs', licence: 'DL-2026/17' });
  const roles = ['receptionist', 'doctor'];
  const user = await idOf('users.create', { username: 'theirs', name: 'Theirs', password: PASSWORD, roles });
  const own = (await signIn(scene, 'theirs')).token;
  const issued = await ask(scene.world.url, 'visits.issue', { patientId: patient, queueId: queue }, { token: own });
  const visit = String((issued.body.data as { id: string }).id);
  const job = await idOf('audit.verify', {});
  theirs = { queue, room, board, patient, twin, user, visit, job, device: `program-${user}`, pharmacy };
  token = await scene.world.token('everything', 'super_admin', 'receptionist', 'doctor', 'nurse', 'pharmacist');
});
afterAll(() => scene.world.close());

/** The same input, about the other branch's records. */
function aboutTheirs(name: MedlaneOperation): Raw {
  const kindOf = (key: string) =>
    key === 'id' ? (EXCEPTIONS[name] ?? KIND_OF_ID[featureOf(name)]) : (KIND_OF_KEY[key] ?? undefined);
  return Object.fromEntries(
    Object.entries(EXAMPLES[name]).map(([key, value]) => {
      const kind = kindOf(key);
      if (key === 'queueIds') return [key, [theirs.queue]];
      return [key, kind ? theirs[kind] : value];
    }),
  );
}

/** Those that only a paired desk may call are asked there, in `tests/server/stations.test.ts`. */
const named = ({ name, operation }: (typeof OPERATIONS)[number]) =>
  typeof operation.who !== 'string' &&
  !HANDED_IN.includes(name) &&
  Object.keys(EXAMPLES[name]).some(
    (key) => key in KIND_OF_KEY || key === 'queueIds' || (key === 'id' && featureOf(name) in KIND_OF_ID),
  );

describe('the records of another branch', () => {
  it.each(OPERATIONS.filter(named))('are as good as absent for $name', async ({ name }) => {
    const reply = await ask(scene.world.url, name, aboutTheirs(name), { token, file: PEOPLE_CSV });
    expect([reply.status, reply.body.error?.code]).toEqual([404, 'not_found']);
  });

  it('stand in none of one’s own lists', async () => {
    const ids = Object.values(theirs);
    for (const name of [
      'patients.list',
      'visits.list',
      'queues.list',
      'rooms.list',
      'boards.list',
      'users.list',
    ] as const) {
      const { body } = await ask(scene.world.url, name, {}, { token });
      const { items } = body.data as { items: { id: string }[] };
      expect(items.filter(({ id }) => ids.includes(id))).toEqual([]);
    }
    const { body } = await ask(scene.world.url, 'audit.list', { limit: 500 }, { token });
    const { items } = body.data as { items: { actor: string }[] };
    expect(items.filter(({ actor }) => actor === 'theirs')).toEqual([]);
  });
});
