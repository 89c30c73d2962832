import { type Group, late } from './scenes.ts';

export const reportScenarios: Group<'reports'> = {
  'reports.verification': {
    step_up: late('reports.verification'),
    ok: (scene) => scene.ask('reports.verification', { format: 'csv' }),
  },
  'reports.signIns': { step_up: late('reports.signIns'), ok: (scene) => scene.ask('reports.signIns', {}) },
  'reports.person': {
    step_up: late('reports.person'),
    ok: async (scene) => scene.ask('reports.person', { id: (await scene.newUser()).id, format: 'csv' }),
    not_found: (scene) => scene.ask('reports.person', { id: 'nobody-has-this-id' }),
  },
  'reports.security': { step_up: late('reports.security'), ok: (scene) => scene.ask('reports.security', {}) },
};
