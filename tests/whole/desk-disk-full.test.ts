import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { furniture, PASSWORD, type World, world } from '../support/clinic.ts';
import { openPairedWorkstation, type PairedWorkstation } from '../support/paired-workstation.ts';

/** A disk of 4 MiB of its own. Only whoever may mount one can test this. */
const disk = mkdtempSync(path.join(tmpdir(), 'medlane-small-disk-'));
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]).status === 0;

let clinic: World;
let desk: PairedWorkstation;
beforeAll(async () => {
  clinic = await world({ doors: { stations: 0 } });
});
afterAll(async () => {
  await desk?.close();
  await clinic.close();
  if (mounted) spawnSync('umount', [disk]);
  rmdirSync(disk);
});

/** Leaves not a byte. */
function fill(): void {
  for (let size = 1 << 20; size >= 1; size >>= 1)
    for (let n = 0; ; n += 1)
      try {
        writeFileSync(path.join(disk, `filler-${size}-${n}`), Buffer.alloc(size), { flush: true });
      } catch {
        rmSync(path.join(disk, `filler-${size}-${n}`), { force: true });
        break;
      }
}

it.skipIf(!mounted)('a full disk refuses in words, keeps what was shown, and goes on when there is room', async () => {
  const { queueId } = await furniture(await clinic.as('admin'));
  const online = await clinic.as('rec', 'receptionist');
  desk = await openPairedWorkstation(clinic, { folder: path.join(disk, 'desk') });
  await desk.online();
  await desk.api.auth.login({ identifier: 'rec', password: PASSWORD });
  desk.cable.pull();
  await desk.offline();

  const shown: string[] = [];
  const give = async () => {
    const { id } = await desk.api.patients.register({ name: `Somebody ${shown.length}` });
    shown.push((await desk.api.visits.issue({ patientId: id, queueId })).token);
  };
  await give();
  fill();
  // What the files had room for is still taken; then it is refused, each time.
  const untilRefused = async (): Promise<unknown> => {
    for (;;)
      try {
        await give();
      } catch (error) {
        return error;
      }
  };
  expect(await untilRefused()).toMatchObject({ code: 'disk_full' });
  expect(await untilRefused()).toMatchObject({ code: 'disk_full' });
  const before = shown.length;
  spawnSync('sh', ['-c', `rm -f ${disk}/filler-*`]);
  await give();
  expect(shown).toHaveLength(before + 1);

  desk.restart();
  desk.cable.plug();
  await desk.online();
  const visits = (await online.visits.list({ state: ['waiting'] })).items.map(({ token }) => token);
  expect(visits.sort()).toEqual(shown.sort());
});
