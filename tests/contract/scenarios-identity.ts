import { PDF } from '../support/documents.ts';
import type { Raw, Reply } from './calls.ts';
import { type Group, idOf, late, type Scene, signIn } from './scenes.ts';

const nobody = 'nobody-has-this-id';
const nowhere = { subject: 'patient', subjectId: nobody };
const CARD = { kind: 'in_aadhaar', fields: { number: '234123412346' } };
const file = PDF.toString();

/** A patient of whom one document is asked, and how far they have come. */
async function patientWith(scene: Scene, upTo: 'nothing' | 'number' | 'file' | 'submitted' = 'nothing') {
  await (await scene.as('admin')).settings.updateDocuments({ patientDocuments: ['in_aadhaar'] });
  const whose = { subject: 'patient', subjectId: await scene.newPatient() };
  if (upTo !== 'nothing') await scene.ask('identity.save', { ...whose, ...CARD });
  if (upTo === 'file' || upTo === 'submitted') await add(scene, whose);
  if (upTo === 'submitted') await scene.ask('identity.submit', whose);
  return whose;
}
const add = (scene: Scene, whose: Raw, content = file) =>
  scene.ask('identity.addFile', { ...whose, kind: CARD.kind, filename: 'card.pdf' }, { file: content });
const look = async (scene: Scene, whose: Raw) =>
  (await scene.ask('identity.get', whose)).body.data as { id: string; version: number };

/** Documents of a patient that were handed in, and a decision about them. */
async function decided(scene: Scene, step: string, more: Raw = {}): Promise<Reply> {
  const { id, version } = await look(scene, await patientWith(scene, 'submitted'));
  return scene.ask('verifications.decide', { id, step, expectedVersion: version, ...more });
}

/** Identity documents: handed in, and looked at. */
export const identityScenarios: Group<'identity' | 'verifications'> = {
  'identity.get': {
    ok: async (scene) => scene.ask('identity.get', await patientWith(scene, 'file')),
    not_found: (scene) => scene.ask('identity.get', nowhere),
  },
  'identity.save': {
    ok: async (scene) => scene.ask('identity.save', { ...(await patientWith(scene)), ...CARD }),
    not_found: (scene) => scene.ask('identity.save', { ...nowhere, ...CARD }),
    verification_state: async (scene) =>
      scene.ask('identity.save', { ...(await patientWith(scene, 'submitted')), ...CARD }),
  },
  'identity.addFile': {
    ok: async (scene) => add(scene, await patientWith(scene)),
    not_found: (scene) => add(scene, nowhere),
    verification_state: async (scene) => add(scene, await patientWith(scene, 'submitted')),
    document_unusable: async (scene) =>
      add(scene, await patientWith(scene), '<svg xmlns="http://www.w3.org/2000/svg"/>'),
  },
  'identity.remove': {
    ok: async (scene) => scene.ask('identity.remove', { ...(await patientWith(scene, 'file')), kind: CARD.kind }),
    not_found: (scene) => scene.ask('identity.remove', { ...nowhere, kind: CARD.kind }),
    verification_state: async (scene) =>
      scene.ask('identity.remove', { ...(await patientWith(scene, 'submitted')), kind: CARD.kind }),
  },
  'identity.submit': {
    ok: async (scene) => scene.ask('identity.submit', await patientWith(scene, 'file')),
    not_found: (scene) => scene.ask('identity.submit', nowhere),
    verification_state: async (scene) => scene.ask('identity.submit', await patientWith(scene, 'submitted')),
    verification_incomplete: async (scene) => scene.ask('identity.submit', await patientWith(scene, 'number')),
  },
  'identity.file': {
    ok: async (scene) => {
      const { fileId } = (await add(scene, await patientWith(scene))).body.data as { fileId: string };
      return scene.ask('identity.file', { id: fileId });
    },
    not_found: (scene) => scene.ask('identity.file', { id: nobody }),
  },
  'verifications.list': {
    ok: async (scene) => {
      await patientWith(scene, 'submitted');
      return scene.ask('verifications.list', { status: 'pending', subject: 'patient' });
    },
  },
  'verifications.get': {
    ok: async (scene) =>
      scene.ask('verifications.get', { id: (await look(scene, await patientWith(scene, 'file'))).id }),
    not_found: (scene) => scene.ask('verifications.get', { id: nobody }),
  },
  'verifications.decide': {
    ok: (scene) => decided(scene, 'approve'),
    not_found: (scene) => scene.ask('verifications.decide', { id: nobody, step: 'approve', expectedVersion: 1 }),
    stale: (scene) => decided(scene, 'approve', { expectedVersion: 1 }),
    verification_state: (scene) => decided(scene, 'reopen', { remarks: 'not yet decided' }),
    reason_required: (scene) => decided(scene, 'reject'),
    own_verification: async (scene) => {
      const admin = await scene.as('admin');
      await admin.settings.updateDocuments({ staffDocuments: ['in_aadhaar'] });
      const { id: subjectId, username } = await scene.newUser('admin');
      const { token } = await signIn(scene, username);
      const whose = { subject: 'staff', subjectId };
      await scene.ask('identity.save', { ...whose, ...CARD }, { token });
      const reply = await scene.ask('identity.get', whose, { token });
      return scene.ask('verifications.decide', { id: idOf(reply), step: 'approve', expectedVersion: 1 }, { token });
    },
  },
  'verifications.reveal': {
    step_up: late('verifications.reveal'),
    ok: async (scene) => {
      const { id } = await look(scene, await patientWith(scene, 'number'));
      return scene.ask('verifications.reveal', { id, kind: CARD.kind });
    },
    not_found: (scene) => scene.ask('verifications.reveal', { id: nobody, kind: CARD.kind }),
  },
};
