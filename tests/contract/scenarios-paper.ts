import type { MedlaneOperation } from '../../contract/index.ts';
import type { Group, Scenario } from './scenes.ts';

const unknown =
  (name: MedlaneOperation): Scenario =>
  (scene) =>
    scene.ask(name, { id: 'nobody-has-this-id' });

/** What is printed. */
export const paperScenarios: Group<'paper'> = {
  'paper.countSlip': {
    ok: async (scene) => scene.ask('paper.countSlip', { id: (await scene.newVisit()).id }),
    not_found: unknown('paper.countSlip'),
  },
  'paper.slip': {
    ok: async (scene) => scene.ask('paper.slip', { id: (await scene.newVisit()).id, format: '58', language: 'ur' }),
    not_found: unknown('paper.slip'),
    copy_not_counted: async (scene) => scene.ask('paper.slip', { id: (await scene.newVisit()).id, copy: 1 }),
  },
  'paper.summary': {
    ok: async (scene) => scene.ask('paper.summary', { id: (await scene.newVisit('done')).id, language: 'hi' }),
    not_found: unknown('paper.summary'),
  },
  'paper.countCard': {
    ok: async (scene) => scene.ask('paper.countCard', { id: await scene.newPatient() }),
    not_found: unknown('paper.countCard'),
  },
  'paper.card': {
    ok: async (scene) => scene.ask('paper.card', { id: await scene.newPatient(), format: 'a4' }),
    not_found: unknown('paper.card'),
    copy_not_counted: async (scene) => scene.ask('paper.card', { id: await scene.newPatient(), copy: 2 }),
  },
  'paper.dayReport': {
    ok: async (scene) => {
      await scene.newVisit('called');
      return scene.ask('paper.dayReport', { language: 'fil' });
    },
  },
};
