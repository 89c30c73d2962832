import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CallRun,
  NO_RUN,
  type OrderPolicy,
  placeOfNewcomer,
  queueOrder,
  runAfter,
  type Tally,
} from './queue-order.ts';
import { PRIORITIES, type Priority } from './visit.ts';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 10, 21, 9);
const runs = { numRuns: 1000 };

type Person = {
  id: string;
  priority: Priority;
  seniorAt: number;
  waitingSince: number;
  behind: number;
  ahead: boolean;
};

const person = fc
  .record({
    priority: fc.constantFrom(...PRIORITIES),
    cameAgo: fc.integer({ min: 0, max: 300 }),
    waitsPercent: fc.integer({ min: 0, max: 100 }),
    behind: fc.oneof(
      { weight: 4, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 5 }) },
    ),
    ahead: fc.boolean(),
  })
  .map(({ priority, cameAgo, waitsPercent, behind, ahead }) => ({
    priority,
    seniorAt: NOW - cameAgo * MINUTE,
    waitingSince: NOW - Math.round((cameAgo * waitsPercent) / 100) * MINUTE,
    behind,
    ahead,
  }));
const named = (people: Omit<Person, 'id'>[]): Person[] =>
  people.map((one, index) => ({ id: String(index).padStart(4, '0'), ...one }));
const line = fc.array(person, { maxLength: 30, size: 'max' }).map(named);
/** People who neither rejoined nor were resumed. */
const plainLine = line.map((people) => people.map((one) => ({ ...one, behind: 0, ahead: false })));

const minutes = fc.integer({ min: 1, max: 200 });
const policy: fc.Arbitrary<OrderPolicy> = fc.record({
  kind: fc.constantFrom('absolute' as const, 'ratio' as const),
  ratio: fc.integer({ min: 1, max: 6 }),
  maxWaitMinutes: fc.record({ emergency: minutes, priority: minutes, appointment: minutes, normal: minutes }),
});
const run: fc.Arbitrary<CallRun> = fc.record({ emergencies: fc.nat(4), favoured: fc.nat(8) });

const patient: OrderPolicy['maxWaitMinutes'] = { emergency: 1440, priority: 1440, appointment: 1440, normal: 1440 };
const isOverdue = (one: Person, { maxWaitMinutes }: OrderPolicy, now = NOW) =>
  one.priority !== 'emergency' && now - one.waitingSince > maxWaitMinutes[one.priority] * MINUTE;
const idsOf = (placed: readonly { step: Person }[]) => placed.map(({ step }) => step.id);
const isFavoured = ({ priority }: Person) => priority === 'priority' || priority === 'appointment';
const isSenior = (a: Person, b: Person) => a.seniorAt < b.seniorAt || (a.seniorAt === b.seniorAt && a.id < b.id);

describe('the line', () => {
  it('gives places 1 to n without a gap, and everyone stands in it once', () => {
    fc.assert(
      fc.property(line, policy, run, (people, rules, before) => {
        const placed = queueOrder(people, rules, NOW, before);
        expect(placed.map(({ place }) => place)).toEqual(people.map((_, index) => index + 1));
        expect(idsOf(placed).sort()).toEqual(people.map(({ id }) => id).sort());
      }),
      runs,
    );
  });

  it('is the same whatever order the rows come in', () => {
    const shuffled = line.chain((people) =>
      fc.tuple(fc.constant(people), fc.shuffledSubarray(people, { minLength: people.length })),
    );
    fc.assert(
      fc.property(shuffled, policy, run, ([people, others], rules, before) => {
        expect(queueOrder(others, rules, NOW, before)).toEqual(queueOrder(people, rules, NOW, before));
      }),
      runs,
    );
  });

  it('puts an emergency first, unless one was just called and somebody is overdue', () => {
    fc.assert(
      fc.property(plainLine, policy, run, (people, rules, before) => {
        const first = queueOrder(people, rules, NOW, before)[0]?.step;
        if (!people.some(({ priority }) => priority === 'emergency')) return;
        const mustYield = before.emergencies > 0 && people.some((one) => isOverdue(one, rules));
        expect(first?.priority === 'emergency').toBe(!mustYield);
      }),
      runs,
    );
  });

  it('never puts two emergencies in a row while somebody is overdue', () => {
    fc.assert(
      fc.property(plainLine, policy, run, (people, rules, before) => {
        const placed = queueOrder(people, rules, NOW, before).map(({ step }) => step);
        const lastOverdue = placed.findLastIndex((one) => isOverdue(one, rules));
        placed.slice(0, Math.max(0, lastOverdue)).forEach((one, index) => {
          const next = placed[index + 1];
          expect(one.priority === 'emergency' && next?.priority === 'emergency').toBe(false);
        });
      }),
      runs,
    );
  });

  it('goes by seniority inside a class, those resumed from parking ahead of it', () => {
    fc.assert(
      fc.property(line, policy, run, (people, rules, before) => {
        const punctual = people.map((one) => ({ ...one, behind: 0 }));
        const placed = queueOrder(punctual, rules, NOW, before).map(({ step }) => step);
        for (const [index, one] of placed.entries()) {
          if (isOverdue(one, rules)) continue;
          for (const later of placed.slice(index + 1)) {
            if (later.priority !== one.priority || isOverdue(later, rules)) continue;
            if (one.priority === 'emergency' || one.ahead === later.ahead) expect(isSenior(one, later)).toBe(true);
            else expect(one.ahead).toBe(true);
          }
        }
      }),
      runs,
    );
  });

  it('by the absolute policy goes by class: nobody of a lower class before a higher one', () => {
    fc.assert(
      fc.property(plainLine, run, (people, before) => {
        const rules: OrderPolicy = { kind: 'absolute', ratio: 1, maxWaitMinutes: patient };
        const ranks = queueOrder(people, rules, NOW, before).map(({ step }) => PRIORITIES.indexOf(step.priority));
        expect(ranks).toEqual([...ranks].sort());
      }),
      runs,
    );
  });

  it('by the ratio n to 1 calls exactly n favoured people and then one other', () => {
    fc.assert(
      fc.property(plainLine, fc.integer({ min: 1, max: 6 }), (people, ratio) => {
        const rules: OrderPolicy = { kind: 'ratio', ratio, maxWaitMinutes: patient };
        const rest = people.filter(({ priority }) => priority !== 'emergency');
        const placed = queueOrder(rest, rules, NOW).map(({ step }) => step);
        let [favoured, others] = [rest.filter(isFavoured).length, rest.filter((one) => !isFavoured(one)).length];
        placed.forEach((one, index) => {
          if (favoured > 0 && others > 0) expect(isFavoured(one)).toBe(index % (ratio + 1) < ratio);
          if (isFavoured(one)) favoured -= 1;
          else others -= 1;
        });
      }),
      runs,
    );
  });

  it('keeps the ratio over calls, because the queue remembers its run', () => {
    fc.assert(
      fc.property(plainLine, fc.integer({ min: 1, max: 4 }), (people, ratio) => {
        const rules: OrderPolicy = { kind: 'ratio', ratio, maxWaitMinutes: patient };
        const whole = idsOf(queueOrder(people, rules, NOW));
        let [left, before] = [people, NO_RUN];
        const called: string[] = [];
        while (left.length > 0) {
          const next = queueOrder(left, rules, NOW, before)[0]?.step as Person;
          called.push(next.id);
          before = runAfter(before, next);
          left = left.filter(({ id }) => id !== next.id);
        }
        expect(called).toEqual(whole);
      }),
      runs,
    );
  });

  it('puts someone who missed a call behind as many others as they owe, and says so', () => {
    fc.assert(
      fc.property(line, policy, run, (people, rules, before) => {
        const punctual = people.filter(({ behind }) => behind === 0).length;
        for (const { step, place, reason } of queueOrder(people, rules, NOW, before)) {
          if (step.behind === 0) continue;
          expect(place - 1).toBeGreaterThanOrEqual(Math.min(step.behind, punctual));
          expect(reason).toBe('rejoined');
        }
      }),
      runs,
    );
  });

  it('lets one who missed a call stand exactly behind those they owe, when they would have been first', () => {
    fc.assert(
      fc.property(plainLine, policy, fc.integer({ min: 1, max: 5 }), (people, rules, owed) => {
        const first = queueOrder(people, rules, NOW)[0]?.step;
        if (!first) return;
        const late = people.map((one) => (one.id === first.id ? { ...one, behind: owed } : one));
        const placed = queueOrder(late, rules, NOW).find(({ step }) => step.id === first.id);
        expect(placed?.place).toBe(Math.min(owed, people.length - 1) + 1);
      }),
      runs,
    );
  });
});

describe('nobody starves', () => {
  const arrival = fc.constantFrom<Priority>('emergency', 'priority', 'appointment');
  const stream = fc.infiniteStream(fc.array(arrival, { maxLength: 3 }));

  /** Calls until this person is called, while others keep coming; answers how many calls it took. */
  function callsUntil(target: Person, people: readonly Person[], rules: OrderPolicy, coming: Iterator<Priority[]>) {
    let [left, before, now] = [[...people], NO_RUN as CallRun, NOW];
    for (let calls = 1; calls <= 1000; calls += 1) {
      const arrived = (coming.next().value as Priority[]).map((priority, index) => ({
        ...{ id: `new-${String(calls).padStart(4, '0')}-${index}`, priority },
        ...{ seniorAt: now, waitingSince: now, behind: 0, ahead: false },
      }));
      left.push(...arrived);
      const next = queueOrder(left, rules, now, before)[0]?.step as Person;
      if (next.id === target.id) return calls;
      before = runAfter(before, next);
      left = left.filter(({ id }) => id !== next.id).map((one) => ({ ...one, behind: Math.max(0, one.behind - 1) }));
      now += MINUTE;
    }
    return Number.POSITIVE_INFINITY;
  }

  it('with any policy and any endless stream of emergencies and priority arrivals', () => {
    let judged = 0;
    fc.assert(
      fc.property(line, policy, stream, (people, rules, coming) => {
        const overdue = people.filter((one) => isOverdue(one, rules) && one.behind === 0);
        for (const target of overdue.slice(0, 2)) {
          const before = people.filter((one) => isSenior(one, target)).length;
          // Somebody who missed a call and is overdue takes a turn that they then give up: as often as they owe.
          const owed = Math.max(0, ...people.map(({ behind }) => behind));
          const bound = 2 * (before + 1) + owed;
          expect(callsUntil(target, people, rules, coming)).toBeLessThanOrEqual(bound);
          judged += 1;
        }
      }),
      runs,
    );
    expect(judged).toBeGreaterThan(300);
  });
});

describe('an emergency', () => {
  it('never passes overdue people twice in a row, also when one of them missed a call', () => {
    const rules: OrderPolicy = {
      ...{ kind: 'absolute', ratio: 1 },
      maxWaitMinutes: { emergency: 10, priority: 60, appointment: 60, normal: 60 },
    };
    const came = (id: string, priority: Priority, ago: number, behind = 0): Person => {
      const since = NOW - ago * MINUTE;
      return { ...{ id, priority, behind, ahead: false }, seniorAt: since, waitingSince: since };
    };
    const people = [came('late', 'normal', 200, 2), came('overdue', 'normal', 100), came('hurt', 'emergency', 1)];
    const justCalledAnEmergency = { emergencies: 1, favoured: 0 };
    expect(idsOf(queueOrder(people, rules, NOW, justCalledAnEmergency))[0]).toBe('overdue');
  });
});

describe('the place of a newcomer', () => {
  const tallyOf = (people: readonly Person[], rules: OrderPolicy): Tally => {
    const of = (priority: Priority) => {
      const mine = people.filter((one) => one.priority === priority);
      const over = mine.filter((one) => NOW - one.waitingSince > rules.maxWaitMinutes[priority] * MINUTE);
      return { waiting: mine.length, overdue: over.length };
    };
    return {
      emergency: of('emergency'),
      priority: of('priority'),
      appointment: of('appointment'),
      normal: of('normal'),
    };
  };

  it('from counts alone is the place that the whole line would give them', () => {
    fc.assert(
      fc.property(plainLine, policy, run, fc.constantFrom(...PRIORITIES), (people, rules, before, priority) => {
        const newcomer = { id: 'zzz', priority, seniorAt: NOW, waitingSince: NOW, behind: 0, ahead: false };
        const placed = queueOrder([...people, newcomer], rules, NOW, before).find(({ step }) => step.id === 'zzz');
        expect(placeOfNewcomer(tallyOf(people, rules), rules, priority, before)).toBe(placed?.place);
      }),
      { numRuns: 3000 },
    );
  });
});
