import { useNow } from '../clock.ts';

/** How long something lasts, to the second: `12:05`. Silent for screen readers, which have the time it began. */
export function Timer({ since }: { since: string }) {
  const seconds = Math.max(0, Math.floor((useNow(1000) - Date.parse(since)) / 1000));
  const two = (part: number) => String(part).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  return (
    <span className="timer" aria-hidden dir="ltr">
      {hours > 0 && `${hours}:`}
      {two(Math.floor(seconds / 60) % 60)}:{two(seconds % 60)}
    </span>
  );
}
