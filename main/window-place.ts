import type { Display, Rectangle } from 'electron';
import type { Place } from './desk.ts';

type Screen = Pick<Display, 'id' | 'workArea'>;
const SIZE = { width: 1280, height: 800 };

/** Where a window opens: where it was, if that can still be seen; else in the middle of the first display. */
export function placeWindow(saved: Place | null, displays: readonly Screen[], primary: Screen): Rectangle {
  if (!saved) return centred(SIZE, primary.workArea);
  const own = displays.find(({ id }) => id === saved.display) ?? mostCovered(saved, displays);
  if (!own) return centred(saved, primary.workArea);
  const { workArea } = own;
  const width = Math.min(saved.width, workArea.width);
  const height = Math.min(saved.height, workArea.height);
  const between = (value: number, low: number, high: number) => Math.max(low, Math.min(value, high));
  return {
    x: between(saved.x, workArea.x, workArea.x + workArea.width - width),
    y: between(saved.y, workArea.y, workArea.y + workArea.height - height),
    width,
    height,
  };
}

/** The display that shows most of a window; undefined when none shows any of it. */
function mostCovered(window: Rectangle, displays: readonly Screen[]): Screen | undefined {
  const covered = ({ workArea: area }: Screen) =>
    Math.max(0, Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x)) *
    Math.max(0, Math.min(window.y + window.height, area.y + area.height) - Math.max(window.y, area.y));
  return displays.filter((display) => covered(display) > 0).sort((a, b) => covered(b) - covered(a))[0];
}

function centred(size: Readonly<{ width: number; height: number }>, area: Rectangle): Rectangle {
  const width = Math.min(size.width, area.width);
  const height = Math.min(size.height, area.height);
  return {
    x: area.x + Math.round((area.width - width) / 2),
    y: area.y + Math.round((area.height - height) / 2),
    width,
    height,
  };
}
