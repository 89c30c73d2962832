import { pngOf } from '../support/documents.ts';
import type { Group } from './scenes.ts';

/** How a person likes their screens, and what they look like. */
export const profileScenarios: Group<'profile'> = {
  'profile.get': { ok: (scene) => scene.ask('profile.get') },
  'profile.prefer': { ok: (scene) => scene.ask('profile.prefer', { singleKeys: false }) },
  'profile.setPicture': {
    ok: (scene) => scene.ask('profile.setPicture', { data: pngOf().toString('base64') }),
    document_unusable: (scene) => scene.ask('profile.setPicture', { data: 'QUJD' }),
  },
};
