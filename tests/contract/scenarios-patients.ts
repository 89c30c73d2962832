import { PEOPLE_CSV } from './examples.ts';
import { type Group, idOf, jobEnded, type Scene } from './scenes.ts';

const nobody = 'nobody-has-this-id';
const reason = 'the same person twice';

async function merged(scene: Scene): Promise<{ id: string; intoId: string }> {
  const [id, intoId] = [await scene.newPatient(), await scene.newPatient()];
  await (await scene.as('admin')).patients.merge({ id, intoId, reason });
  return { id, intoId };
}

const uploaded = async (scene: Scene, file = PEOPLE_CSV) => idOf(await scene.ask('imports.upload', {}, { file }));

/** Uses up every number of a short pattern, by an import; then goes back to the usual one. */
async function registerWithoutNumbers(scene: Scene) {
  const admin = await scene.as('admin');
  const { registrationPattern } = await admin.settings.get();
  await admin.settings.update({ registrationPattern: 'NNN' });
  try {
    const rows = Array.from({ length: 999 }, (_, i) => `Number ${i + 1}`);
    const id = await uploaded(scene, `Name\n${rows.join('\n')}\n`);
    const job = await admin.imports.start({ id, mapping: { name: 'Name' } });
    await jobEnded(scene, job.id);
    return await scene.ask('patients.register', { name: 'One Too Many' });
  } finally {
    await admin.settings.update({ registrationPattern });
  }
}

/** Patients, imports and long work. */
export const patientScenarios: Group<'patients' | 'imports' | 'jobs'> = {
  'patients.register': {
    ok: (scene) =>
      scene.ask('patients.register', {
        name: 'Ayesha Khan',
        birthDate: '1984-02-29',
        sex: 'female',
        phone: '0300 1234567',
        allergies: [{ substance: 'Penicillin' }],
      }),
    numbers_exhausted: registerWithoutNumbers,
  },
  'patients.list': {
    ok: async (scene) => {
      await scene.newVisit();
      return scene.ask('patients.list', { sort: '-registrationNumber' });
    },
  },
  'patients.get': {
    ok: async (scene) => scene.ask('patients.get', { id: (await scene.newVisit()).patientId }),
    not_found: (scene) => scene.ask('patients.get', { id: nobody }),
  },
  'patients.duplicates': {
    ok: async (scene) => {
      await (await scene.as('admin')).patients.register({ name: 'Zubaida Yousafzai', birthDate: '1970-01-01' });
      return scene.ask('patients.duplicates', { name: 'Zubayda Yousafzai', birthDate: '1970-01-01' });
    },
  },
  'patients.update': {
    ok: async (scene) => scene.ask('patients.update', { id: await scene.newPatient(), phone: '0301 7654321' }),
    not_found: (scene) => scene.ask('patients.update', { id: nobody, phone: '0301 7654321' }),
    stale: async (scene) =>
      scene.ask('patients.update', { id: await scene.newPatient(), phone: '1', expectedVersion: 7 }),
    archived: async (scene) => scene.ask('patients.update', { id: await scene.newPatient('archived'), phone: '1' }),
  },
  'patients.opened': {
    ok: async (scene) => scene.askAtDesk('patients.opened', { id: await scene.newPatient() }, 'doctor'),
    not_found: (scene) => scene.askAtDesk('patients.opened', { id: nobody }, 'doctor'),
    only_station: async (scene) => scene.ask('patients.opened', { id: await scene.newPatient() }),
  },
  'patients.archive': {
    ok: async (scene) => scene.ask('patients.archive', { id: await scene.newPatient(), reason }),
    not_found: (scene) => scene.ask('patients.archive', { id: nobody, reason }),
    archived: async (scene) => scene.ask('patients.archive', { id: await scene.newPatient('archived'), reason }),
    has_open_visit: async (scene) => scene.ask('patients.archive', { id: (await scene.newVisit()).patientId, reason }),
  },
  'patients.restore': {
    ok: async (scene) => scene.ask('patients.restore', { id: await scene.newPatient('archived') }),
    not_found: (scene) => scene.ask('patients.restore', { id: nobody }),
    already_merged: async (scene) => scene.ask('patients.restore', { id: (await merged(scene)).id }),
  },
  'patients.merge': {
    ok: async (scene) =>
      scene.ask('patients.merge', {
        id: (await scene.newVisit('done')).patientId,
        intoId: await scene.newPatient(),
        reason,
      }),
    not_found: async (scene) => scene.ask('patients.merge', { id: await scene.newPatient(), intoId: nobody, reason }),
    same_record: async (scene) => {
      const id = await scene.newPatient();
      return scene.ask('patients.merge', { id, intoId: id, reason });
    },
    already_merged: async (scene) =>
      scene.ask('patients.merge', { id: (await merged(scene)).id, intoId: await scene.newPatient(), reason }),
    archived: async (scene) =>
      scene.ask('patients.merge', { id: await scene.newPatient(), intoId: await scene.newPatient('archived'), reason }),
  },
  'patients.unmerge': {
    ok: async (scene) => scene.ask('patients.unmerge', { id: (await merged(scene)).id }),
    not_found: (scene) => scene.ask('patients.unmerge', { id: nobody }),
    merge_gone: async (scene) => {
      const { id, intoId } = await merged(scene);
      await (await scene.as('admin')).patients.merge({ id: intoId, intoId: await scene.newPatient(), reason });
      return scene.ask('patients.unmerge', { id });
    },
  },
  'imports.upload': {
    ok: (scene) => scene.ask('imports.upload', { filename: 'people.csv' }, { file: PEOPLE_CSV }),
    file_unreadable: (scene) => scene.ask('imports.upload', {}, { file: 'Name,Phone\nOnly one column\n' }),
  },
  'imports.start': {
    ok: async (scene) =>
      scene.ask('imports.start', { id: await uploaded(scene), mapping: { name: 'Name' }, dryRun: true }),
    file_gone: (scene) => scene.ask('imports.start', { id: nobody, mapping: { name: 'Name' } }),
  },
  'imports.rejected': {
    ok: async (scene) => {
      const id = await uploaded(scene, 'Name,Born\nGood Row,1990-01-01\nBad Row,yesterday\n');
      const mapping = { name: 'Name', birthDate: 'Born' };
      await jobEnded(scene, idOf(await scene.ask('imports.start', { id, mapping })));
      return scene.ask('imports.rejected', { id });
    },
    file_gone: (scene) => scene.ask('imports.rejected', { id: nobody }),
  },
  'jobs.list': {
    ok: async (scene) => {
      await jobEnded(scene, idOf(await scene.ask('audit.verify')));
      return scene.ask('jobs.list');
    },
  },
  'jobs.get': {
    ok: async (scene) => scene.ask('jobs.get', { id: idOf(await scene.ask('audit.verify')) }),
    not_found: (scene) => scene.ask('jobs.get', { id: nobody }),
  },
  'jobs.cancel': {
    ok: async (scene) => scene.ask('jobs.cancel', { id: idOf(await scene.ask('backups.start')) }),
    not_found: (scene) => scene.ask('jobs.cancel', { id: nobody }),
    job_ended: async (scene) => {
      const id = idOf(await scene.ask('audit.verify'));
      await jobEnded(scene, id);
      return scene.ask('jobs.cancel', { id });
    },
  },
};
