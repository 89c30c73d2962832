import { cpSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClinic } from '../../server/clinic-server.ts';
import { dataFolder } from '../../server/data-folder.ts';
import { realPorts } from '../../server/ports.ts';
import { createChance } from '../day/random.ts';
import { furniture, type World, world } from '../support/clinic.ts';
import { openTestDesk } from '../support/lone-desk.ts';
import { DESK_KEY, faultsAtDesk, faultsAtServer } from './look.ts';
import { filesIn, type Loss, losePower, openFolder, type Recording } from './power.ts';
import { record } from './recording.ts';

/** At how many moments of each recording the power goes; `MEDLANE_POWER_LOSSES=100000` for more. */
const LOSSES = Number(process.env['MEDLANE_POWER_LOSSES'] ?? 200);
const SEED = Number(process.env['MEDLANE_SEED'] ?? Date.now() % 1e6);

const power = (times: number) => ({ times, chance: createChance(SEED) });
const folders: string[] = [];
const place = (name: string) => {
  const folder = openFolder(name);
  folders.push(folder);
  return folder;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** The same recording by a program that does not wait until its log is on the disk. */
const unsynced = (recording: Recording): Recording => ({
  ...recording,
  events: recording.events.filter(
    ({ did, ...event }) => !(did === 'sync' && 'file' in event && event.file.endsWith('-wal')),
  ),
});

describe(`the power goes (MEDLANE_SEED=${SEED})`, { timeout: 600_000 }, () => {
  describe('at a desk that works alone', () => {
    let clinic: World;
    let recording: Recording;
    beforeAll(async () => {
      clinic = await world();
      const { queueId } = await furniture(await clinic.as('admin'));
      const { id } = await (await clinic.as('rec', 'receptionist')).auth.me();
      const desk = await openTestDesk(clinic, 'R1', DESK_KEY);
      await desk.core().beat();
      const folder = place('desk');
      cpSync(desk.folder, folder, { recursive: true });
      desk.close();
      const before = filesIn(folder);
      const events = await record(folder, 'tests/support/desk-process.ts', [
        ...[folder, 'R1', id, queueId, String(clinic.time.now), '40'],
      ]);
      recording = { before, events, folder };
    });
    afterAll(() => clinic.close());

    it('and everything that it had shown is there', async () => {
      expect(await losePower(recording, power(LOSSES), faultsAtDesk)).toEqual([]);
    });
    it('and it would not be, if the desk did not wait for its disk', async () => {
      const faults = await losePower(unsynced(recording), power(12), faultsAtDesk);
      expect(faults.join('\n')).toContain('was said, and is not there');
    });
  });

  describe('at the clinic’s server', () => {
    let recording: Recording;
    beforeAll(async () => {
      const folder = place('server');
      const events = await record(folder, 'tests/power-loss/server-work.ts', [folder, '12']);
      recording = { before: new Map(), events, folder };
    });

    it('and everything that it had answered is there', async () => {
      expect(await losePower(recording, power(LOSSES), faultsAtServer)).toEqual([]);
    });
    it('and it would not be, if the server did not wait for its disk', async () => {
      const faults = await losePower(unsynced(recording), power(12), faultsAtServer);
      expect(faults.join('\n')).toContain('was said, and is not there');
    });
    it('at its first start, and it begins again', async () => {
      const hosted = recording.events.findIndex(({ did }) => did === 'say');
      const first = { ...recording, events: recording.events.slice(0, hosted) };
      const open = async ({ folder }: Loss) => {
        const clinic = await openClinic({
          ...{ folder: dataFolder(folder), ports: realPorts },
          ...{ version: '0.0.0-test', screens: null, logLevel: 'silent', database: undefined },
          resources: new URL('../../resources/', import.meta.url),
        }).catch((error) => String(error));
        if (typeof clinic === 'string') return [clinic];
        await clinic.close();
        return [];
      };
      expect(await losePower(first, power(Math.ceil(LOSSES / 20)), open)).toEqual([]);
    });
  });
});
