/** Values between the processes: what structured clone carries, written as text. Used by the host and by the page. */
import { parse, stringify } from 'devalue';

interface PackedError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
}

const reduceError = (value: unknown): PackedError | false =>
  value instanceof Error && { name: value.name, message: value.message, stack: value.stack };

const reviveError = ({ name, message, stack }: PackedError): Error =>
  Object.assign(new Error(message), { name, stack: stack ?? '' });

export function pack(value: unknown): string {
  try {
    // The clone applies its own rules first: it refuses functions and drops prototypes, as Electron's IPC does.
    return stringify(structuredClone(value), { Error: reduceError });
  } catch (cause) {
    throw new Error('An object could not be cloned.', { cause });
  }
}

export function unpack(text: string): unknown {
  return parse(text, { Error: reviveError });
}
