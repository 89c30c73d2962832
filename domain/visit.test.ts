import { describe, expect, it } from 'vitest';
import { allowedPairs, isOpen, STEP_STATES, type StepState, TRANSITION_NAMES, TRANSITIONS } from './visit.ts';

const show = ({ from, command, to }: { from: string; command: string; to: string }) => `${from} ${command} ${to}`;
const pairs = allowedPairs().map(show);

/** The table of the design, written out by hand. */
const DESIGN = `
waiting call called
called recall called
called enter in_room
in_room finish done
called return waiting
in_room return waiting
called no-show no_show
no_show rejoin waiting
waiting park parked
called park parked
in_room park parked
parked resume waiting
waiting transfer transferred
called transfer transferred
in_room transfer transferred
waiting cancel cancelled
called cancel cancelled
parked cancel cancelled
no_show cancel cancelled
waiting close-day cancelled
called close-day cancelled
in_room close-day cancelled
parked close-day cancelled
called close-day no_show
`
  .trim()
  .split('\n');

describe('what a step may do', () => {
  it('is exactly what the design says, besides taking a command back', () => {
    expect(pairs.filter((pair) => !pair.includes(' undo ')).sort()).toEqual([...DESIGN].sort());
  });

  it('may be taken back: each step of the way has its reverse, and nothing else is an undo', () => {
    const forward = allowedPairs().filter(({ command }) => command !== 'undo');
    const reverses = forward.filter(({ from, to }) => from !== to).map(({ from, to }) => `${to} undo ${from}`);
    // A transfer that is taken back cancels the step that it made.
    const expected = new Set([...reverses, 'waiting undo cancelled']);
    expect(pairs.filter((pair) => pair.includes(' undo ')).sort()).toEqual([...expected].sort());
  });

  it('is listed without repetition', () => {
    expect(new Set(pairs).size).toBe(pairs.length);
  });

  it('ends for good in done, transferred and cancelled', () => {
    const left = allowedPairs().filter(({ command }) => command !== 'undo');
    for (const end of ['done', 'transferred', 'cancelled'] satisfies StepState[]) {
      expect(left.filter(({ from }) => from === end)).toEqual([]);
    }
  });

  it('reaches every state from waiting', () => {
    const reached = new Set<StepState>(['waiting']);
    for (const _ of STEP_STATES)
      for (const { from, command, to } of allowedPairs()) if (command !== 'undo' && reached.has(from)) reached.add(to);
    expect([...reached].sort()).toEqual([...STEP_STATES].sort());
  });

  it('closes everything that is open at the day’s end, and nothing that is over', () => {
    const closed = new Set(
      allowedPairs()
        .filter(({ command }) => command === 'close-day')
        .map(({ from }) => from),
    );
    for (const state of STEP_STATES) expect(closed.has(state)).toBe(isOpen(state));
  });

  it('lets only those call who work in rooms, and nobody close a day by hand', () => {
    for (const name of ['call', 'recall', 'enter', 'finish', 'return', 'park'] as const)
      expect([...TRANSITIONS[name].who].sort()).toEqual(['doctor', 'nurse', 'pharmacist']);
    expect([...TRANSITIONS.cancel.who].sort()).toEqual(['doctor', 'receptionist']);
    expect(TRANSITIONS['close-day'].who).toEqual([]);
    for (const name of TRANSITION_NAMES) expect(TRANSITIONS[name].who).not.toContain('display');
  });
});
