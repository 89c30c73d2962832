import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openMemory } from '../../main/workstation/memory.ts';
import { createPeople } from '../../main/workstation/people.ts';
import { keyFor, sealedFile } from '../../main/workstation/sealing.ts';
import { furniture, PASSWORD, type World, world } from '../support/clinic.ts';
import { openPairedWorkstation, type PairedWorkstation } from '../support/paired-workstation.ts';

/** Words that stand nowhere else: whoever finds one of them in a file has read a record. */
const CANARIES = Array.from({ length: 200 }, (_, n) => `Kanari${String(n * 7919 + 104_729)}vogel`);
const PIN = '40968213';

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));

/** Every form in which a text may lie in a file. */
const formsOf = (text: string): Buffer[] => [
  Buffer.from(text, 'utf8'),
  Buffer.from(text, 'utf16le'),
  Buffer.from(Buffer.from(text).toString('base64').slice(0, -4)),
  Buffer.from(Buffer.from(text).toString('hex')),
];

describe('what a desk leaves on its disk', () => {
  let clinic: World;
  let desk: PairedWorkstation;
  const secret = Buffer.alloc(32, 7);

  beforeAll(async () => {
    clinic = await world({ doors: { stations: 0 } });
    const { queueId } = await furniture(await clinic.as('admin'));
    const reception = await clinic.as('rec', 'receptionist');
    await clinic.as('doc', 'doctor');
    const [name = '', phone = '', address = '', kin = '', notes = '', ...others] = CANARIES;
    await reception.patients.register({ name, phone, address, nextOfKinName: kin, notes });
    // Some come by the first fill, some as changes, and some are registered at the desk, with the server and without.
    for (const one of others.slice(0, 60)) await reception.patients.register({ name: one });
    desk = await openPairedWorkstation(clinic, { place: 'doctor' });
    await desk.online();
    for (const one of others.slice(60, 120)) await reception.patients.register({ name: one });
    await desk.link(() => desk.workstation().known()?.patients === 121);
    await desk.api.auth.login({ identifier: 'doc', password: PASSWORD });
    await desk.api.auth.setPin({ password: PASSWORD, pin: PIN });
    for (const one of others.slice(120, 150)) await desk.api.patients.register({ name: one });
    desk.cable.pull();
    await desk.offline();
    for (const one of others.slice(150, 190)) {
      const { id } = await desk.api.patients.register({ name: one });
      const visit = await desk.api.visits.issue({ patientId: id, queueId, reason: others[190] ?? '' });
      await desk.api.notes.save({ id: visit.id, text: `${others[191]} ${others[192]}`, expectedVersion: 0 });
    }
    expect((await desk.api.patients.list({ q: CANARIES[190] ?? '' })).items).toHaveLength(1);
  });
  afterAll(async () => {
    await desk.close();
    await clinic.close();
  });

  it('holds none of 200 canaries, no password and no PIN, in any form', () => {
    const files = filesOf(desk.folder);
    expect(files.map((file) => path.basename(file))).toEqual(
      expect.arrayContaining(['cache.db', 'outbox.db', 'people.sealed']),
    );
    const bytes = files.map((file) => readFileSync(file));
    expect(bytes.reduce((sum, { length }) => sum + length, 0)).toBeGreaterThan(100_000);
    const found = [...CANARIES, PASSWORD, PIN, secret.toString('latin1')].filter((text) =>
      formsOf(text).some((form) => bytes.some((file) => file.includes(form))),
    );
    expect(found).toEqual([]);
  });

  it('opens nowhere else: a copied folder is noise without this computer’s keychain', () => {
    const copy = mkdtempSync(path.join(tmpdir(), 'medlane-copied-'));
    try {
      cpSync(desk.folder, copy, { recursive: true });
      const other = Buffer.alloc(32, 8);
      for (const file of ['cache', 'outbox']) {
        expect(() => openMemory(path.join(copy, `${file}.db`), keyFor(other, file))).toThrow('does not open');
        openMemory(path.join(copy, `${file}.db`), keyFor(secret, file)).close();
      }
      const people = (from: Buffer) =>
        createPeople({
          file: sealedFile(path.join(copy, 'people.sealed'), keyFor(from, 'people'), 'people'),
          pepper: keyFor(from, 'pepper'),
          now: Date.now,
        });
      expect(people(secret).withPin(null).people).toHaveLength(1);
      expect(people(other).withPin(null).people).toEqual([]);
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  });
});
