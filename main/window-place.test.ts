import fc from 'fast-check';
import { expect, it } from 'vitest';
import { placeWindow } from './window-place.ts';

const first = { id: 1, workArea: { x: 0, y: 25, width: 1920, height: 1055 } };
const second = { id: 2, workArea: { x: 1920, y: 0, width: 1366, height: 728 } };
const saved = { x: 2000, y: 60, width: 1200, height: 650, display: 2, maximized: false };

it('opens in the middle of the first display when it has never been open', () => {
  expect(placeWindow(null, [first, second], first)).toEqual({ x: 320, y: 153, width: 1280, height: 800 });
});

it('opens where it was', () => {
  const { x, y, width, height } = saved;
  expect(placeWindow(saved, [first, second], first)).toEqual({ x, y, width, height });
});

it('a display that went away leaves the window on the first one, whole', () => {
  expect(placeWindow(saved, [first], first)).toEqual({ x: 360, y: 228, width: 1200, height: 650 });
});

it('a display that was plugged in again under another id is known by where it stands', () => {
  expect(placeWindow(saved, [first, { ...second, id: 7 }], first)).toMatchObject({ x: 2000, y: 60 });
});

it('a display that became smaller holds the whole window', () => {
  const small = { id: 2, workArea: { x: 1920, y: 0, width: 1024, height: 600 } };
  expect(placeWindow(saved, [first, small], first)).toEqual({ x: 1920, y: 0, width: 1024, height: 600 });
});

it('is always whole on one display, whatever was remembered and whatever is plugged in', () => {
  const size = fc.integer({ min: 600, max: 5000 });
  const place = fc.integer({ min: -6000, max: 6000 });
  const area = fc.record({ x: place, y: place, width: size, height: size });
  const display = fc.record({ id: fc.integer({ min: 1, max: 4 }), workArea: area });
  const window = fc.record({
    x: place,
    y: place,
    width: size,
    height: size,
    display: fc.integer(),
    maximized: fc.boolean(),
  });
  fc.assert(
    fc.property(window, fc.array(display, { minLength: 1, maxLength: 3 }), (remembered, displays) => {
      const at = placeWindow(remembered, displays, displays[0] as (typeof displays)[0]);
      const inside = displays.some(
        ({ workArea: own }) =>
          at.x >= own.x &&
          at.y >= own.y &&
          at.x + at.width <= own.x + own.width &&
          at.y + at.height <= own.y + own.height,
      );
      expect(inside).toBe(true);
    }),
  );
});
