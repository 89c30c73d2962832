import type { Writable } from 'node:stream';

/** One line of what happened in the desktop itself: names and numbers, never a text that could be about a patient. */
export type Log = (event: string, facts?: Readonly<Record<string, string | number | boolean | null>>) => void;

export const createLog =
  (stream: Writable, now: () => number): Log =>
  (event, facts = {}) =>
    void stream.write(`${JSON.stringify({ time: new Date(now()).toISOString(), event, ...facts })}\n`);

/**
 * An error without its message, which may quote what somebody typed: what kind it was, and where in the program. Files
 * by name only, since their folder may name a person.
 */
export function whereOf(error: unknown): { kind: string; at: string } {
  if (!(error instanceof Error)) return { kind: typeof error, at: '' };
  const code = (error as { code?: unknown }).code;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const at = frames.map((line) => line.trim().replace(/(?:file:\/\/)?[^\s()]*[/\\]/g, ''));
  return { kind: typeof code === 'string' ? `${error.name} ${code}` : error.name, at: at.slice(0, 8).join(' < ') };
}
