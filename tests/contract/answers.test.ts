import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERRORS, type ErrorCode, statusOf } from '../../contract/errors.ts';
import { featureOf } from '../../contract/kit.ts';
import { OPERATIONS, operationOf, type Reply } from './calls.ts';
import { createJudge, documentOf, type Judge } from './document.ts';
import { accessScenarios } from './scenarios-access.ts';
import { branchScenarios } from './scenarios-branches.ts';
import { clinicScenarios } from './scenarios-clinic.ts';
import { deskScenarios } from './scenarios-desks.ts';
import { deviceScenarios } from './scenarios-devices.ts';
import { furnitureScenarios } from './scenarios-furniture.ts';
import { identityScenarios } from './scenarios-identity.ts';
import { mailScenarios } from './scenarios-mail.ts';
import { paperScenarios } from './scenarios-paper.ts';
import { patientScenarios } from './scenarios-patients.ts';
import { peopleScenarios } from './scenarios-people.ts';
import { pharmacyScenarios } from './scenarios-pharmacies.ts';
import { profileScenarios } from './scenarios-profile.ts';
import { reportScenarios } from './scenarios-reports.ts';
import { requestScenarios } from './scenarios-requests.ts';
import { userScenarios } from './scenarios-users.ts';
import { visitScenarios } from './scenarios-visits.ts';
import { OWN_ADDRESS, openScene, type Scenario, type Scenarios, type Scene } from './scenes.ts';

/** Every documented answer of every operation, by a real call. A missing one does not compile. */
const SCENARIOS: Scenarios = {
  ...clinicScenarios,
  ...peopleScenarios,
  ...userScenarios,
  ...reportScenarios,
  ...requestScenarios,
  ...branchScenarios,
  ...accessScenarios,
  ...profileScenarios,
  ...pharmacyScenarios,
  ...mailScenarios,
  ...deviceScenarios,
  ...patientScenarios,
  ...visitScenarios,
  ...furnitureScenarios,
  ...identityScenarios,
  ...paperScenarios,
  ...deskScenarios,
};

const CASES = OPERATIONS.map(({ name }) => ({
  name,
  answers: Object.entries(SCENARIOS[name] as Record<string, Scenario>).map(([code, play]) => ({ code, play })),
}));

/** What belongs in a log and not in an answer. */
const INSIDES =
  /node_modules|\.ts\b|\bat \w+ \(|SELECT |INSERT |UPDATE |sqlite|postgres|constraint|\/tmp\/|\/work\/|undefined/i;

/** Clinics of their own for what signs in most: one address may do so sixty times a minute. */
const APART = ['auth', 'users', 'secondFactor'];
const scenes = new Map<string, Promise<Scene>>();
function sceneOf(name: string): Promise<Scene> {
  const group = featureOf(name);
  const key = APART.includes(group) ? group : 'others';
  const open = scenes.get(key) ?? openScene();
  scenes.set(key, open);
  return open;
}

let judge: Judge;
beforeAll(async () => {
  judge = createJudge(await documentOf((await sceneOf('others')).world.url));
});
afterAll(async () => {
  for (const open of scenes.values()) await (await open).world.close();
});

function expectSuccess(name: (typeof OPERATIONS)[number]['name'], reply: Reply): void {
  const operation = operationOf(name);
  expect([reply.status, reply.body.error]).toEqual([operation.status ?? 200, undefined]);
  expect(reply.headers.get('Cache-Control')).toBe('no-store');
  if (operation.kind === 'download') {
    expect(operation.media).toContain(reply.headers.get('Content-Type')?.split(';')[0]);
    expect(reply.headers.get('Content-Disposition')).toMatch(/^(attachment|inline); filename="[\w.-]+"$/);
    expect(reply.text.length).toBeGreaterThan(0);
    return;
  }
  expect(Object.keys(reply.body)).toEqual(['status', 'data', 'meta']);
  expect(reply.body.status).toBe('success');
  expect(judge(operation, reply.status, reply.body)).toEqual([]);
  expect(reply.headers.get('X-Request-Id')).toBe(reply.body.meta.requestId);
}

function expectRefusal(name: (typeof OPERATIONS)[number]['name'], code: ErrorCode, reply: Reply): void {
  expect([reply.status, reply.body.error?.code]).toEqual([statusOf(code), code]);
  expect(Object.keys(reply.body)).toEqual(['status', 'error', 'meta']);
  expect(reply.body.status).toBe('error');
  expect(judge(operationOf(name), reply.status, reply.body)).toEqual([]);
  const { message = '', facts = {} } = reply.body.error ?? {};
  expect(message).not.toMatch(INSIDES);
  // Every fact that the message names was given, so that nobody reads "Queue queue is closed".
  const named = [...ERRORS[code][1].matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string);
  for (const fact of named) expect(facts, `the fact ${fact}`).toHaveProperty(fact, expect.anything());
  expect(reply.headers.get('X-Request-Id')).toBe(reply.body.meta.requestId);
}

describe.each(CASES)('$name', ({ name, answers }) => {
  for (const { code, play } of answers) {
    it(`answers ${code}`, async (test) => {
      // A machine without a network has no elsewhere to ask from.
      test.skip(code === 'only_here' && OWN_ADDRESS === undefined);
      const reply = await play(await sceneOf(name));
      if (code === 'ok') expectSuccess(name, reply);
      else expectRefusal(name, code as ErrorCode, reply);
    });
  }
});
