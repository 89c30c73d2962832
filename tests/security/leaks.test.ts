import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ApiError } from '../../contract/kit.ts';
import { databaseKey } from '../../server/backup/copy.ts';
import { openStore, type Store } from '../../server/db/open.ts';
import { keyFromFile } from '../../server/keys.ts';
import { createLog } from '../../server/log.ts';
import { codeAt } from '../support/authenticator.ts';
import { client, codeOf, DIALECTS, ended, furniture, PASSWORD, type World, world } from '../support/clinic.ts';
import { foundIn, type Heard, insidesIn, listen, makeQuoting, toldBy, without } from '../support/leak-scan.ts';

/** What people entrust to a clinic, each with a mark of its own; what the server itself gives them is learnt on the way. */
const MARK = {
  ...{ password: 'orbit Zulvenka ledger 91', wrong: 'Wrongly-Typed-Kravolt-7', inName: 'Typed-As-Name-Pimbrex-3' },
  ...{ next: 'marble Quondrel ferry 64', reset: 'copper Hastrivol lamp 58', mail: 'Mail-Vexitor-88' },
  ...{ pin: '83529164', wrongPin: '70418263', code: '000417' },
  ...{ name: 'Zarqina Quxwell', phone: '0300 9876501', address: 'Vexmoor Lane 17\nat Quillstone Yard (back:12:3)' },
  ...{ allergy: 'Penizqcillin', notes: 'Frightened of Brambleworth', note: 'Seen for Drizzlepox\n    at Home (x:1:1)' },
  ...{
    kin: 'Thaddeus Quxwell',
    imported: 'Ophelindra Vantwist',
    rejected: 'Not-A-Date-Mulgrave',
    card: '234123412346',
  },
  ...{
    badCard: '987698769877',
    bearer: 'Invented-Bearer-Yolpar',
    cookie: 'Invented-Cookie-Wexford',
    path: 'Path-Jorvimel',
  },
};
/** Parts of these texts that must not stand alone either. */
const PARTS = ['Zarqina', 'Quxwell', '3009876501', 'Quillstone', 'Drizzlepox', 'Ophelindra', 'Home (x:1:1)'];
const NOW = Date.parse('2026-11-21T06:00:00Z');
const BROWSER = { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' };
const API = '/api/v1';

const patient = {
  ...{ name: MARK.name, phone: MARK.phone, address: MARK.address, notes: MARK.notes, nextOfKinName: MARK.kin },
  allergies: [{ substance: MARK.allergy }],
};

describe.each(DIALECTS)('what a clinic on %s logs and refuses', (dialect) => {
  let clinic: World;
  let store: Store;
  let heard: Heard;
  const anyone = () => client(clinic.url);
  const login = (identifier: string, password: string) =>
    anyone().auth.login({ identifier, password, delivery: 'body' });
  const at = (token: string) => client(clinic.url, token);
  /** Does one after the other; each is answered with its code. */
  const expectCodes = async (...steps: readonly [code: string, call: () => Promise<unknown>][]) => {
    for (const [index, [code, call]] of steps.entries()) expect([index, await codeOf(call())]).toEqual([index, code]);
  };

  beforeAll(async () => {
    vi.stubEnv('MEDLANE_LOG', 'trace');
    heard = listen();
    for (const secret of [...Object.values(MARK), ...PARTS, PASSWORD]) heard.secrets.add(secret);
    clinic = await world({ dialect, now: NOW });
    const { folder, database } = clinic.options;
    const key = databaseKey(keyFromFile(folder.keyFile, true).bytes);
    store = await openStore(
      dialect === 'postgres' ? { dialect, url: database ?? '' } : { dialect, file: folder.database, key },
    );
    const admin = await clinic.as('admin');
    await admin.users.create({ username: 'rosa', name: 'Rosa', password: MARK.password, roles: ['receptionist'] });
    await admin.users.create({ username: 'bilal', name: 'Bilal', password: MARK.password, roles: ['doctor'] });
  });
  afterAll(async () => {
    await store.close();
    await clinic.close();
    heard.stop();
    vi.unstubAllEnvs();
  });

  it('people sign in, and prove who they are in every way there is', async () => {
    await expectCodes(
      ['bad_credentials', () => login('rosa', MARK.wrong)],
      ['bad_credentials', () => login(MARK.inName, MARK.wrong)],
      ['session_ended', () => anyone().auth.refresh({ refreshToken: `${MARK.bearer}.1.x` })],
    );
    const cookies = await clinic.request('POST', `${API}/auth/login`, {
      ...{ body: { identifier: 'rosa', password: MARK.password }, headers: BROWSER },
    });
    const { accessToken, csrfToken } = cookies.body.data as unknown as { accessToken: string; csrfToken: string };
    const Cookie = cookies.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
    const withCookies = { ...BROWSER, Cookie: Cookie.join('; '), 'X-CSRF-Token': csrfToken };
    const refreshed = await clinic.request('POST', `${API}/auth/refresh`, { body: {}, headers: withCookies });
    expect(refreshed.status).toBe(200);
    const unasked = { headers: { ...withCookies, 'X-CSRF-Token': MARK.cookie }, body: {} };
    expect((await clinic.request('POST', `${API}/auth/refresh`, unasked)).body.error?.code).toBe('csrf');

    const rosa = at(accessToken);
    await expectCodes(
      ['bad_credentials', () => rosa.auth.setPin({ password: MARK.wrong, pin: MARK.pin })],
      ['ok', () => rosa.auth.setPin({ password: MARK.password, pin: MARK.pin })],
      ['validation_failed', () => rosa.auth.setPin({ password: MARK.password, pin: `${MARK.pin}999` })],
      ['bad_credentials', () => rosa.auth.unlock({ pin: MARK.wrongPin })],
      ['ok', () => rosa.auth.unlock({ pin: MARK.pin })],
    );
    const userId = (await rosa.auth.me()).id;
    const switching = { body: { userId, pin: MARK.wrongPin }, headers: withCookies };
    expect((await clinic.request('POST', `${API}/auth/switch`, switching)).body.error?.code).toBe('bad_credentials');
    const change = (current: string, next: string) => () => rosa.auth.changePassword({ current, next });
    await expectCodes(
      ['bad_credentials', change(MARK.wrong, MARK.next)],
      ['weak_password', change(MARK.password, 'Rosa rosa rosa 1')],
      ['ok', change(MARK.password, MARK.next)],
    );
  });

  it('a password is reset by a code, an app is set up, recovery codes are used', async () => {
    const admin = await clinic.as('admin');
    const [bilal] = (await admin.users.list({ q: 'bilal' })).items;
    const { code } = await admin.users.resetCode({ id: bilal?.id ?? '' });
    heard.secrets.add(code);
    const reset = { identifier: 'bilal', password: MARK.reset };
    await expectCodes(
      ['bad_code', () => anyone().auth.resetPassword({ ...reset, code: 'ZZZZZ-ZZZZZ' })],
      ['ok', () => anyone().auth.resetPassword({ ...reset, code })],
    );

    const own = at((await login('bilal', MARK.reset)).accessToken);
    const { secret } = await own.secondFactor.begin({});
    const shown = [0, 30_000].map((later) => codeAt(secret, NOW + later));
    for (const each of shown) heard.secrets.add(each);
    await expectCodes(['bad_code', () => own.secondFactor.confirm({ code: MARK.code })]);
    await own.secondFactor.confirm({ code: shown[0] ?? '' });
    const { codes } = await own.secondFactor.recoveryCodes({});
    await expectCodes(['bad_code', () => own.auth.stepUp({ password: MARK.reset, code: MARK.code })]);
    for (const given of [MARK.code, shown[1] ?? '', codes[0] ?? '']) {
      const refused = (await login('bilal', MARK.reset).catch((error: unknown) => error)) as ApiError;
      expect(refused.code).toBe('second_factor');
      const ticket = String(refused.facts['ticket']);
      const answer = given === MARK.code ? 'bad_code' : 'ok';
      await expectCodes([answer, () => anyone().auth.secondFactor({ ticket, code: given, delivery: 'body' })]);
    }
    const way = { host: '127.0.0.1', port: 1025, security: 'none', username: 'clinic', from: 'a@b.example', ca: null };
    await admin.mail.set({ ...way, security: 'none', password: MARK.mail });
    expect((await admin.backups.recoveryKit({})).recoveryKit).toMatch(/\w/);
  });

  it('a patient is registered, looked for, treated, and shows a card', async () => {
    const admin = await clinic.as('admin');
    await admin.settings.updateDocuments({ patientDocuments: ['in_aadhaar'] });
    const desk = at((await login('rosa', MARK.next)).accessToken);
    const doctor = await clinic.as('dana', 'doctor');
    const { id } = await desk.patients.register(patient);
    expect((await desk.patients.list({ q: MARK.name })).items).toHaveLength(1);
    await desk.patients.duplicates({ name: MARK.name, birthDate: null, phone: MARK.phone } as never);
    const { queueId } = await furniture(desk);
    const visit = await desk.visits.issue({ patientId: id, queueId, reason: MARK.notes });
    await doctor.notes.save({ id: visit.id, text: MARK.note });
    const file = new Blob([MARK.card]);
    const card = { subject: 'patient', subjectId: id, kind: 'in_aadhaar' } as const;
    await expectCodes(
      ['token_exists', () => desk.visits.issue({ patientId: id, queueId, reason: MARK.notes })],
      ['stale', () => desk.patients.update({ ...patient, id, expectedVersion: 7 })],
      ['stale', () => doctor.notes.save({ id: visit.id, text: MARK.note, expectedVersion: 9 })],
      ['validation_failed', () => desk.identity.save({ ...card, fields: { number: MARK.badCard } })],
      ['ok', () => desk.identity.save({ ...card, fields: { number: MARK.card } })],
      ['document_unusable', () => desk.identity.addFile({ ...card, filename: `${MARK.name}.png`, file })],
    );
    const upload = (text: string) => admin.imports.upload({ file: new Blob([text]), filename: `${MARK.imported}.csv` });
    const people = await upload(`Name,Birth date\n${MARK.imported},\n${MARK.name},${MARK.rejected}\n`);
    const job = await ended(admin, await admin.imports.start({ id: people.id, mapping: people.mapping }));
    expect(job).toMatchObject({ state: 'done', result: { added: 1, rejected: 1 } });
    await expectCodes(['file_unreadable', () => upload(`Name,Phone\n"${MARK.imported}\n`)]);
  });

  it('somebody sends what is malformed, too large, of nobody or of no kind, with secrets in it', async () => {
    const token = await clinic.token('admin');
    const json = JSON.stringify(patient);
    const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
      clinic.request(method, API + path, { token, ...(body === undefined ? {} : { body }), headers });
    const gzip = { 'Content-Encoding': 'gzip' };
    const answers = await Promise.all([
      send('POST', '/patients', `${json.slice(0, -1)},,`),
      send('POST', '/patients', { ...patient, name: { first: MARK.name } }),
      send('POST', '/patients', { ...patient, sex: MARK.name, birthDate: MARK.rejected, fone: MARK.phone }),
      send('POST', '/patients', { ...patient, notes: MARK.notes.repeat(20_000) }),
      send('POST', '/patients', { ...patient, notes: `${MARK.notes}\0` }),
      send('POST', '/patients', json, { 'Content-Type': `application/json; charset=${MARK.path}` }),
      send('POST', '/patients', json, { 'Content-Encoding': MARK.path }),
      send('POST', '/patients', json, gzip),
      send('POST', '/patients', patient, { 'Idempotency-Key': MARK.name }),
      send('GET', `/patients/${MARK.path}`),
      send('GET', `/patients/%E0%A4%A?q=${MARK.path}`),
      send('GET', `/patients?q=${MARK.path.repeat(20)}`),
      send('GET', `/patients?cursor=${MARK.path}&sort=${MARK.path}`),
      send('GET', `/patients?fields=${MARK.path}`),
      send('GET', `/${MARK.path}`),
      send('PUT', `/identity/patient/${MARK.path}/in_pan`, { fields: { number: MARK.card } }),
      send('POST', '/auth/login', { identifier: 'admin', password: { text: MARK.wrong } }),
      send('POST', '/auth/pin', { password: MARK.password, pin: Number(MARK.pin) }),
      send('POST', '/auth/step-up', { password: MARK.wrong, code: MARK.code.repeat(20) }),
      send('GET', '/auth/me', undefined, { Authorization: `Bearer ${MARK.bearer}`, Cookie: `a=${MARK.cookie}` }),
      send('GET', '/auth/me', undefined, { Authorization: `Operator ${MARK.bearer}` }),
    ]);
    expect(answers.filter(({ status }) => status < 400 || status >= 500)).toEqual([]);
  });

  it('the database breaks, and repeats what it was given', async () => {
    const [admin, doctor] = [await clinic.as('admin'), await clinic.as('dana', 'doctor')];
    const { id: file, mapping } = await admin.imports.upload({
      file: new Blob([`Name\n${MARK.imported} II\n`]),
    } as never);
    const [visit] = (await doctor.visits.list({})).items;
    const desk = at((await login('rosa', MARK.next)).accessToken);
    await makeQuoting(store);
    await expectCodes(
      ['internal', () => desk.patients.register(patient)],
      ['internal', () => doctor.notes.save({ id: visit?.id ?? '', text: MARK.note })],
      ['internal', () => desk.auth.setPin({ password: MARK.next, pin: MARK.pin })],
      ['internal', () => login('admin', PASSWORD)],
    );
    const job = await without(store, 'patients', async () =>
      ended(admin, await admin.imports.start({ id: file, mapping })),
    );
    expect(job.state).toBe('failed');

    const token = await clinic.token('admin');
    const said = await without(store, 'sessions', async () => {
      expect((await clinic.request('GET', `${API}/patients/${MARK.path}`, { token })).status).toBe(500);
      const where = { path: `${API}/live`, transports: ['websocket'], auth: { token }, reconnection: false };
      const socket = io(clinic.url, where);
      return new Promise<Error>((resolve) => socket.once('connect_error', resolve));
    });
    expect([said.message, insidesIn(said.message)]).toEqual(['unavailable', []]);
  });

  it('nothing of that stands in the log', () => {
    const log = heard.log();
    expect(heard.lines.filter((line) => line.includes('a bug')).length).toBeGreaterThan(5);
    expect(log).toContain('the clinic is open');
    expect(log).toContain('patients.register');
    expect(heard.secrets.size).toBeGreaterThan(50);
    expect(foundIn(log, heard.secrets)).toEqual([]);
  });

  it('and no refusal tells of the inside, or what was not sent in the very field that it names', () => {
    const told = heard.refusals.map((refusal) => ({ ...refusal, told: toldBy(refusal, heard.secrets) }));
    expect(told.length).toBeGreaterThan(40);
    expect(told.filter((refusal) => refusal.told.length > 0)).toEqual([]);
  });

  it('the scan finds what is logged, however it is written, and what is hidden is hidden', () => {
    const log = createLog('trace');
    const logged = (facts: object) => {
      heard.lines.length = 0;
      log.trace(facts, 'planted');
      return foundIn(heard.log(), heard.secrets);
    };
    expect(logged({ password: MARK.password, patient: { name: MARK.name } })).toEqual([]);
    expect(logged({ said: `of ${MARK.password}.` })).toEqual([MARK.password]);
    expect(logged({ deep: { list: [{ x: MARK.kin.toUpperCase() }] } })).toEqual([MARK.kin, 'Quxwell']);
    expect(logged({ url: `/patients?q=${encodeURIComponent(MARK.kin)}` })).toContain(MARK.kin);
    expect(logged({ bytes: Buffer.from(MARK.mail).toString('base64url') })).toEqual([MARK.mail]);
    expect(logged({ headers: { x: `Bearer ${[...heard.secrets].at(-1)}` } })).toHaveLength(1);
    console.warn(MARK.pin);
    process.stderr.write(MARK.note);
    expect(foundIn(heard.log(), heard.secrets)).toEqual(expect.arrayContaining([MARK.pin, MARK.note]));
  });
});

const refusalOf = (error: object, sent: Record<string, unknown> = {}) => ({
  ...{ asked: 'POST /', sent, status: 400 },
  text: JSON.stringify({ status: 'error', error }),
});

it.each([
  ['a stack', 'Error: no\n    at run (/home/x/server/app.ts:1:2)'],
  ['a path', 'ENOENT: no such file, open /var/lib/medlane/medlane.db'],
  ['SQL', 'Failed query: insert into "patients" ("id", "name") values (?, ?)'],
  ['a database', 'UNIQUE constraint failed: users.username'],
  ['a table', 'no such thing: sign_in_names'],
])('the scan finds %s in a refusal', (what, message) => {
  expect(toldBy(refusalOf({ code: 'internal', message, details: [], facts: {} }), [])).toContain(what);
});

it('the scan lets a refusal name what was sent in its own field, and in no other', () => {
  const secrets = [MARK.name];
  const said = { code: 'x', message: 'No.', details: [{ field: 'name', message: `${MARK.name} is none.`, code: 'x' }] };
  expect(toldBy(refusalOf(said, { name: MARK.name }), secrets)).toEqual([]);
  expect(toldBy(refusalOf(said, { notes: MARK.name }), secrets)).toEqual([MARK.name]);
  expect(toldBy(refusalOf({ code: 'x', message: MARK.name, details: [], facts: {} }), secrets)).toEqual([MARK.name]);
  expect(toldBy(refusalOf({ code: 'x', message: '', facts: { ticket: MARK.name } }), secrets)).toEqual([]);
});
