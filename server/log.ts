import pino, { type Logger } from 'pino';

/** What must never stand in a log, wherever it occurs. Logs hold ids. */
const SECRET = [
  'password',
  'current',
  'next',
  'accessToken',
  'refreshToken',
  'csrfToken',
  'authorization',
  'cookie',
  'token',
  'key',
  'recoveryKit',
  'name',
  'phone',
  'address',
  'notes',
  'allergies',
  'birthDate',
  'nextOfKinName',
  'nextOfKinPhone',
  'q',
  'params',
  'detail',
];

/** One line of JSON per event, to standard error; the one list of redactions. */
export function createLog(level: string): Logger {
  const paths = SECRET.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: { paths, censor: '[hidden]' } },
    pino.destination(2),
  );
}

/** An error as a log may hold it: what kind and where, without the values that a message or a query may quote. */
export function errorForLog(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { kind: typeof error };
  // The message stands before the frames, and what it quotes may have lines of its own that begin like one.
  const frames = (error.stack ?? '')
    .replace(error.message, () => '')
    .split('\n')
    .filter((line) => /^ {4}at .*[:(<]/.test(line))
    .slice(0, 8);
  const { code } = error as { code?: unknown };
  return {
    kind: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    frames,
    ...(error.cause ? { cause: errorForLog(error.cause) } : {}),
  };
}
