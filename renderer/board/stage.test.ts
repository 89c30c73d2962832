import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type BoardCall, createStage, lasting, MINIMUM } from './stage.ts';

const call = (callSeq: number, state: BoardCall['state'] = 'called'): BoardCall => ({
  callSeq,
  visitId: `visit-${callSeq}`,
  token: `A-${callSeq}`,
  room: 'Room 1',
  state,
  calledAt: '2026-11-21T08:00:00Z',
  name: null,
});

describe('createStage', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('announces each new call twice, one at a time, every call once before any is repeated', () => {
    const said: (string | null)[] = [];
    const stage = createStage((current) => said.push(current ? `${current.call.token}/${current.time}` : null), 1);
    stage.take([call(1), call(2), call(3)]);
    vi.runAllTimers();
    expect(said).toEqual(['A-2/1', 'A-3/1', 'A-2/2', 'A-3/2', null]);
  });

  it('says nothing of what it knows, or of people who are in the room already', () => {
    const said: unknown[] = [];
    const stage = createStage((current) => said.push(current), 5);
    stage.take([call(4), call(6, 'in_room')]);
    expect(said).toEqual([]);
  });

  it('goes on after a silence', () => {
    const said: (string | null)[] = [];
    const stage = createStage((current) => said.push(current?.call.token ?? null), 0);
    stage.take([call(1)]);
    vi.runAllTimers();
    stage.take([call(1), call(2)]);
    vi.runAllTimers();
    expect(said).toEqual(['A-1', 'A-1', null, 'A-2', 'A-2', null]);
  });
});

describe('lasting', () => {
  it('keeps a call that left early for the minimum time, and not longer', () => {
    const shown = lasting(new Map(), [call(1)], 0);
    expect([...lasting(shown, [], MINIMUM - 1).keys()]).toEqual([1]);
    expect([...lasting(shown, [], MINIMUM).keys()]).toEqual([]);
  });

  it('lets a second call of the same person replace the first', () => {
    const again = { ...call(2), visitId: 'visit-1' };
    expect([...lasting(lasting(new Map(), [call(1)], 0), [again], 10).keys()]).toEqual([2]);
  });
});
