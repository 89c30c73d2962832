import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, furniture, PASSWORD, type World, world } from '../support/clinic.ts';
import { openPairedWorkstation, type PairedWorkstation } from '../support/paired-workstation.ts';

/** A disk that went bad under a desk, and a clock that nobody set. */
describe('a paired desk on a bad old computer', () => {
  let clinic: World;
  let admin: Awaited<ReturnType<World['as']>>;
  let queueId: string;
  let amina: { id: string };
  const open: PairedWorkstation[] = [];

  beforeEach(async () => {
    clinic = await world({ doors: { stations: 0 } });
    admin = await clinic.as('admin');
    ({ queueId } = await furniture(admin));
    await clinic.as('rec', 'receptionist');
    amina = await admin.patients.register({ name: 'Amina Yusuf' });
  });
  afterEach(async () => {
    for (const desk of open.splice(0)) await desk.close();
    await clinic.close();
  });

  async function deskWith(options: Parameters<typeof openPairedWorkstation>[1] = {}): Promise<PairedWorkstation> {
    const desk = await openPairedWorkstation(clinic, options);
    open.push(desk);
    await desk.online();
    await desk.api.auth.login({ identifier: 'rec', password: PASSWORD });
    return desk;
  }
  const signIn = (desk: PairedWorkstation) => desk.api.auth.login({ identifier: 'rec', password: PASSWORD });
  const out = async (desk: PairedWorkstation) => {
    desk.cable.pull();
    await desk.offline();
  };
  const back = async (desk: PairedWorkstation) => {
    desk.cable.plug();
    await desk.online();
  };
  /** Where a bad sector would be: in the middle of the file, and the index of where it is. */
  const damage = (desk: PairedWorkstation, name: string) => () => {
    const file = path.join(desk.folder, name);
    const bytes = readFileSync(file);
    const middle = Math.floor(bytes.length / 2);
    writeFileSync(file, Buffer.concat([bytes.subarray(0, middle), Buffer.alloc(512), bytes.subarray(middle + 512)]));
  };

  it('goes on when its memory of what was not handed over is damaged, repeats no number, and says what is missing', async () => {
    const desk = await deskWith();
    const issue = () => desk.api.visits.issue({ patientId: amina.id, queueId, confirmRepeat: true });
    await out(desk);
    const handedOver = await issue();
    expect(handedOver.token).toBe('A-R1-001');
    await back(desk);
    await out(desk);
    expect((await issue()).token).toBe('A-R1-002');
    const number = (await desk.api.patients.register({ name: 'Dua Lone' })).registrationNumber;
    expect(number).toBe('R1-P001');

    desk.restart(damage(desk, 'outbox.db'));
    await desk.offline();
    await signIn(desk);
    expect(readdirSync(desk.folder).filter((name) => name.includes('damaged'))).toEqual([
      expect.stringMatching(/^outbox\.db\.damaged-\d+$/),
    ]);
    // What the server had is still here; what it had not is missing, and said to be.
    expect((await desk.api.visits.list({})).items.map(({ token }) => token)).toEqual([handedOver.token]);
    expect(desk.workstation().work()?.list()).toMatchObject({ items: [], lostAt: expect.any(Number) });
    expect((await issue()).token).toBe('A-R1-1002');
    expect((await desk.api.patients.register({ name: 'Dua Lone' })).registrationNumber).toBe('R1-P1001');

    // Once, also when the program is started again before the server is back.
    desk.restart();
    await desk.offline();
    await signIn(desk);
    await back(desk);
    const { items } = await admin.sheet.list({});
    expect(items.map(({ kind }) => kind).sort()).toEqual(['second_token', 'work_lost']);
    expect(items.find(({ kind }) => kind === 'work_lost')).toMatchObject({
      station: 'R1',
      by: 'rec',
      facts: { file: expect.stringMatching(/^outbox\.db\.damaged-/) },
    });
    expect(desk.workstation().work()?.list()).toMatchObject({ lostAt: null });
    expect(await desk.workstation().work()?.prove()).toMatchObject({ same: true });
  });

  it('fills a damaged cache again, and loses nothing of its own', async () => {
    const desk = await deskWith();
    await out(desk);
    const { token } = await desk.api.visits.issue({ patientId: amina.id, queueId });
    desk.restart(damage(desk, 'cache.db'));
    await desk.offline();
    await signIn(desk);
    expect(desk.workstation().link()).toMatchObject({ alone: false, unsent: 1 });
    expect(await codeOf(desk.api.visits.list({}))).toBe('unavailable');
    await back(desk);
    expect((await admin.visits.list({})).items).toMatchObject([{ token }]);
    expect((await desk.api.visits.list({})).items).toMatchObject([{ token }]);
  });

  it.each([-3_600_000, 3_600_000])(
    'hands over a sign-in without the server when its clock is %i ms wrong',
    async (by) => {
      const desk = await deskWith({ now: () => Date.now() + by });
      await desk.api.auth.logout();
      await out(desk);
      await signIn(desk);
      const { token } = await desk.api.visits.issue({ patientId: amina.id, queueId });
      await back(desk);
      expect((await admin.visits.list({})).items).toMatchObject([{ token }]);
      expect(desk.workstation().work()?.list().items).toMatchObject([{ state: 'confirmed' }]);
      expect(await desk.api.auth.me()).toMatchObject({ username: 'rec' });
      expect((await admin.audit.list({ action: 'auth.resume' })).items).toMatchObject([
        { actor: 'rec', outcome: 'ok' },
      ]);
    },
  );
});
