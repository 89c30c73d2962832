import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, furniture, PASSWORD, type World, world } from '../support/clinic.ts';
import { openPairedWorkstation, type PairedWorkstation } from '../support/paired-workstation.ts';
import { textOf } from '../support/pdf.ts';

/** What a page of a paired desk sees and does while the cable is in, out, and in again. */
describe('a paired desk, as its pages use it', () => {
  let clinic: World;
  let desk: PairedWorkstation;
  let place: { queueId: string; roomId: string };
  let amina: { id: string };
  let admin: Awaited<ReturnType<World['as']>>;

  beforeEach(async () => {
    clinic = await world({ doors: { stations: 0 } });
    admin = await clinic.as('admin');
    place = await furniture(admin);
    const online = await clinic.as('rec', 'receptionist');
    const doctor = await clinic.as('doc', 'doctor');
    amina = await admin.patients.register({ name: 'Amina Yusuf', allergies: [{ substance: 'Penicillin' }] });
    const visit = await online.visits.issue({ patientId: amina.id, queueId: place.queueId });
    await doctor.visits.call({ id: visit.id, roomId: place.roomId });
    await doctor.visits.enter({ id: visit.id });
    await doctor.visits.finish({ id: visit.id });
    desk = await openPairedWorkstation(clinic);
    await desk.online();
    await desk.api.auth.login({ identifier: 'rec', password: PASSWORD });
    await Promise.all([desk.api.auth.me(), desk.api.settings.get(), desk.api.setup.state()]);
  });
  afterEach(async () => {
    await desk.close();
    await clinic.close();
  });

  const out = async () => {
    desk.cable.pull();
    await desk.offline();
  };
  const back = async () => {
    desk.cable.plug();
    await desk.online();
  };
  const issue = (patientId: string) => desk.api.visits.issue({ patientId, queueId: place.queueId });

  it('shows the same answers without the server as with it, but for what only the server can tell', async () => {
    const questions = () =>
      Promise.all([
        desk.api.visits.list({}),
        desk.api.rooms.list(),
        desk.api.users.staff(),
        desk.api.boards.list(),
        desk.api.patients.list({ q: 'yusuf' }),
        desk.api.patients.get({ id: amina.id }),
        desk.api.patients.duplicates({ name: 'Amina Yusef' }),
        desk.api.auth.me(),
        desk.api.settings.get(),
        desk.api.setup.state(),
      ]);
    const withServer = await questions();
    await out();
    expect(await questions()).toEqual(withServer);
    const [queue] = (await desk.api.queues.list()).items;
    expect(queue).toMatchObject({ waiting: 0, newcomerWait: null });
  });

  it('goes on giving tokens and registering people, and the server hears of it in order', async () => {
    await out();
    expect(desk.workstation().link()).toMatchObject({ state: 'offline', alone: true, unsent: 0 });
    const person = await desk.api.patients.register({ name: 'Dua Lone' });
    const visit = await issue(person.id);
    expect(visit).toMatchObject({ token: expect.stringMatching(/^A-R1-001$/), place: 1 });
    expect((await desk.api.patients.list({ q: 'dua' })).items).toMatchObject([
      { id: person.id, openToken: visit.token },
    ]);
    expect((await desk.api.visits.list({ state: ['waiting'] })).items).toMatchObject([
      { id: visit.id, token: visit.token, patient: { name: 'Dua Lone' } },
    ]);
    expect(desk.workstation().link()).toMatchObject({ unsent: 2 });
    await back();
    expect((await admin.visits.list({ state: ['waiting'] })).items).toMatchObject([
      { id: visit.id, token: visit.token, patient: { id: person.id } },
    ]);
    expect(desk.faults).toEqual([]);
  });

  it('takes up its work after the program was ended and started without the server', async () => {
    await out();
    const visit = await issue(amina.id);
    desk.restart();
    await desk.offline();
    expect(desk.workstation().unsent()).toBe(1);
    expect(await desk.api.setup.state()).toMatchObject({ setUp: true });
    await back();
    expect((await admin.visits.list({ state: ['waiting'] })).items).toMatchObject([{ id: visit.id }]);
  });

  it('says what it does not do alone, at once', async () => {
    await out();
    expect(await codeOf(desk.api.patients.get({ id: 'nobody-here' }))).toBe('needs_server');
    expect(await codeOf(issue('nobody-here'))).toBe('needs_server');
    expect(await codeOf(desk.api.patients.update({ id: amina.id, phone: '1' }))).toBe('unavailable');
  });

  it('tells the audit log who looked at a record meanwhile', async () => {
    await out();
    await desk.api.patients.get({ id: amina.id });
    await desk.api.patients.get({ id: amina.id });
    // Nobody owes a look at a record to the server: it is no work that waits.
    expect(desk.workstation().link()).toMatchObject({ unsent: 0 });
    await issue(amina.id);
    await back();
    const entries = (await admin.audit.list({ action: 'patients.opened' })).items;
    expect(entries.map(({ actor, patientId }) => [actor, patientId])).toEqual([['rec', amina.id]]);
  });

  it('a link that is there and carries nothing costs two seconds, and no token', async () => {
    desk.cable.hold();
    const visit = await issue(amina.id);
    expect(visit.token).toBe('A-R1-001');
    await desk.offline();
    await back();
    expect((await admin.visits.list({ state: ['waiting'] })).items).toMatchObject([
      { id: visit.id, token: 'A-R1-001' },
    ]);
  });

  it('keeps no server from stopping when it has vanished without a word', { timeout: 15_000 }, async () => {
    desk.cable.hold();
    await clinic.server.close();
  });

  it('hears while nobody is signed in, so that whoever comes finds everything there', async () => {
    await desk.api.auth.logout({});
    const person = await admin.patients.register({ name: 'Late Comer' });
    await desk.link(() => desk.workstation().known()?.patients === 2);
    await desk.api.auth.login({ identifier: 'rec', password: PASSWORD });
    await issue(amina.id);
    await out();
    expect((await desk.api.patients.list({ q: 'late' })).items).toMatchObject([{ id: person.id }]);
  });

  it('proves that it knows what the server knows, and sees when it does not', async () => {
    const work = () => desk.workstation().work();
    await issue(amina.id);
    expect(await work()?.prove()).toMatchObject({ here: { count: 2 }, server: { count: 2 }, same: true });
    await out();
    await issue((await desk.api.patients.register({ name: 'Dua Lone' })).id);
    await expect(work()?.prove()).rejects.toMatchObject({ code: 'unavailable' });
    await back();
    const proof = await work()?.prove();
    expect(proof).toMatchObject({ here: { count: 3 }, server: { count: 3 }, same: true });
    expect(proof?.here).toEqual(proof?.server);
  });

  it('shows what was refused and why, sends it again, or puts it aside', async () => {
    const other = await admin.patients.register({ name: 'Cora Diaz' });
    await desk.link(() => desk.workstation().known()?.patients === 2);
    const visit = await issue(amina.id);
    await out();
    const { id, stepId, version } = visit;
    await desk.api.visits.cancel({ id, stepId, expectedVersion: version, reason: 'went home' });
    const doctor = await clinic.as('doc');
    await doctor.visits.call({ id: visit.id, roomId: place.roomId });
    await doctor.visits.enter({ id: visit.id });
    await issue(other.id);
    await back();
    const list = () => desk.workstation().work()?.list().items ?? [];
    expect(list().map(({ operation, state, by, refusal }) => [operation, state, by, refusal?.code])).toEqual([
      ['visits.issueOffline', 'confirmed', 'rec', undefined],
      ['visits.cancel', 'refused', 'rec', 'stale'],
      ['visits.issue', 'confirmed', 'rec', undefined],
    ]);
    expect((await admin.sheet.list({})).items).toMatchObject([{ kind: 'moved_on', token: visit.token, by: 'rec' }]);
    expect(desk.workstation().work()?.unsent()).toContain('"went home');
    const n = list()[1]?.n ?? 0;
    // Meanwhile the patient waits again, and what was done at the desk can be done.
    await doctor.visits.return({ id: visit.id });
    await desk.workstation().work()?.again(n);
    await desk.link(() => list()[1]?.state === 'confirmed');
    expect((await admin.visits.get({ id: visit.id })).state).toBe('cancelled');
  });

  it('prints the slip of a token that was given alone, says which copy it is, and counts it later', async () => {
    await out();
    const visit = await issue(amina.id);
    const print = async (command?: { commandId: string }) => {
      const { copy } = await desk.api.paper.countSlip({ id: visit.id }, command);
      const { body } = await desk.api.paper.slip({ id: visit.id, copy });
      return { copy, text: await textOf(new Uint8Array(await new Response(body).arrayBuffer())) };
    };
    const command = { commandId: '01900000-0000-7000-8000-000000000100' };
    const first = await print(command);
    expect(first).toMatchObject({ copy: 1, text: expect.stringContaining(visit.token) });
    expect(first.text).not.toMatch(/copy/i);
    // A page that did not hear the answer asks again under the same id: it is the same copy.
    expect(await print(command)).toMatchObject({ copy: 1 });
    expect(await print()).toMatchObject({ copy: 2, text: expect.stringMatching(/copy 2/i) });
    expect(desk.workstation().link()).toMatchObject({ unsent: 1 });
    await back();
    expect(await print(command)).toMatchObject({ copy: 1 });
    expect(await print()).toMatchObject({ copy: 3 });
  });

  describe('a doctor’s notes', () => {
    let room: PairedWorkstation;
    let visit: { id: string };
    beforeEach(async () => {
      visit = (await admin.visits.list({ patientId: amina.id })).items[0] as { id: string };
      const doctor = await clinic.as('doc');
      await doctor.notes.save({ id: visit.id, text: 'Written before.' });
      room = await openPairedWorkstation(clinic, { place: 'doctor' });
      await room.online();
      await room.api.auth.login({ identifier: 'doc', password: PASSWORD });
      room.cable.pull();
      await room.offline();
    });
    afterEach(() => room.close());

    it('are there without the server, go on being written, and arrive as one', async () => {
      const [before] = (await room.api.notes.list({ id: amina.id })).items;
      expect(before).toMatchObject({ text: 'Written before.', author: 'doc', version: 1 });
      const save = (text: string, expectedVersion: number) =>
        room.api.notes.save({ id: visit.id, text, expectedVersion });
      expect(await save('Fever.', 1)).toMatchObject({ id: before?.id, version: 2 });
      expect(await save('Fever, cough.', 2)).toMatchObject({ id: before?.id, version: 2, text: 'Fever, cough.' });
      expect((await room.api.notes.list({ id: amina.id })).items).toMatchObject([{ text: 'Fever, cough.' }]);
      expect(room.workstation().unsent()).toBe(1);
      room.restart();
      await room.offline();
      await room.api.auth.login({ identifier: 'doc', password: PASSWORD });
      expect((await room.api.notes.list({ id: amina.id })).items).toMatchObject([{ text: 'Fever, cough.' }]);
      room.cable.plug();
      await room.online();
      const doctor = await clinic.as('doc');
      expect((await doctor.notes.list({ id: amina.id })).items).toMatchObject([
        { id: before?.id, text: 'Fever, cough.', version: 2 },
      ]);
      expect(await room.workstation().work()?.prove()).toMatchObject({ same: true });
    });

    it('are on no desk of the reception', async () => {
      await out();
      expect(await codeOf(desk.api.notes.list({ id: amina.id }))).toBe('needs_server');
    });
  });

  describe('signing in while the server is away', () => {
    const login = (password = PASSWORD, identifier = 'rec') => desk.api.auth.login({ identifier, password });
    const problem = (of: Promise<unknown>) =>
      of.then(
        () => 'ok',
        (error) => error.facts.problem ?? error.code,
      );

    it('lets in who signed in here lately, also after a restart, and the server hears of it', async () => {
      await clinic.as('doc');
      await out();
      desk.restart();
      await desk.offline();
      expect(await problem(login('something else'))).toBe('bad_credentials');
      expect(await problem(login(PASSWORD, 'doc'))).toBe('not_lately');
      expect(await login()).toMatchObject({ user: { username: 'rec' }, accessToken: '', vouch: null });
      expect(await desk.api.auth.me()).toMatchObject({ username: 'rec', clinic: expect.any(String) });
      const visit = await issue(amina.id);
      await back();
      // Nothing was asked of the person: the sign-in became the server's own.
      expect((await desk.api.audit.list({}).catch((error) => error.code)) as string).toBe('forbidden');
      expect((await desk.api.visits.list({ state: ['waiting'] })).items).toMatchObject([{ id: visit.id }]);
      const resumed = (await admin.audit.list({ action: 'auth.resume' })).items;
      expect(resumed.map(({ actor, outcome }) => [actor, outcome])).toEqual([['rec', 'ok']]);
    });

    it('ends after five wrong tries, whatever comes after them', async () => {
      await out();
      for (let n = 0; n < 5; n += 1) expect(await problem(login('wrong one'))).toBe('bad_credentials');
      expect(await problem(login())).toBe('too_many_tries');
      desk.restart();
      await desk.offline();
      expect(await problem(login())).toBe('too_many_tries');
      await back();
      expect(await problem(login())).toBe('ok');
    });

    it('takes a PIN that was used here, to unlock and to take over', async () => {
      await desk.api.auth.setPin({ password: PASSWORD, pin: '4096' });
      await out();
      expect(await desk.api.auth.people()).toEqual({ hasPin: true, people: [] });
      expect(await problem(desk.api.auth.unlock({ pin: '1111' }))).toBe('bad_credentials');
      expect(await problem(desk.api.auth.unlock({ pin: '4096' }))).toBe('ok');
      await desk.api.auth.logout({ handOver: true });
      const { people } = await desk.api.auth.people();
      expect(people).toMatchObject([{ name: 'rec' }]);
      await desk.api.auth.switch({ userId: people[0]?.id ?? '', pin: '4096' });
      expect((await issue(amina.id)).token).toBe('A-R1-001');
      await back();
      expect(await desk.api.auth.me()).toMatchObject({ username: 'rec' });
    });

    it('revocation wins when the server is back: a new password, an account that was ended', async () => {
      await clinic.as('second', 'receptionist');
      await login(PASSWORD, 'second');
      const { id } = await desk.api.auth.me();
      await out();
      await login(PASSWORD, 'second');
      const visit = await issue(amina.id);
      // The first answer of a line is slow, and tells the time badly: the account ends a moment later than the token.
      await desk.link(() => Date.now() > Date.parse(visit.arrivedAt));
      await admin.users.update({ id, active: false });
      await back();
      expect(await codeOf(desk.api.auth.me())).toBe('unauthenticated');
      expect(await codeOf(issue(amina.id))).toBe('unauthenticated');
      // What was done while they still worked here was done.
      expect((await admin.visits.list({ state: ['waiting'] })).items).toMatchObject([{ id: visit.id }]);
      await login();
      const me = await desk.api.auth.me();
      await out();
      await login();
      await admin.users.setPassword({ id: me.id, password: 'another horse 43' });
      await back();
      expect(await codeOf(desk.api.auth.me())).toBe('unauthenticated');
    });

    it('is over for everybody when the desk is taken out of the clinic', async () => {
      await admin.devices.revoke({ id: desk.identity.deviceId });
      await desk.link(() => desk.workstation().known()?.patients === 0);
      await out();
      expect(await problem(login())).toBe('not_lately');
      expect(await codeOf(desk.api.visits.list({}))).not.toBe('ok');
    });
  });
});
