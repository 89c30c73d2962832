import { parseArgs } from 'node:util';
import { isLink, linkAmong } from './deep-link.ts';

/** The doors for the network that the server is to open, and on which ports; the server's own standard ones for `true`. */
export type Doors = Readonly<{ lan?: number | true; stations?: number | true; 'waiting-room'?: number | true }>;

export type Arguments = Readonly<{
  data: string | undefined;
  demo: boolean;
  port: number;
  doors: Doors;
  /** A clinic's server elsewhere: then none is started here. */
  server: string | undefined;
  /** Shows a board and nothing else: this one, or (empty) the one of whoever signs in. */
  kiosk: string | undefined;
  /** A place to open, `medlane://…`. */
  link: string | null;
}>;

/** These may stand without a value. */
const OPTIONAL = ['lan', 'stations', 'waiting-room', 'kiosk'] as const;

/**
 * What stands after the app's own path. Chromium's switches and a debugger's stand among them, and are not ours to judge.
 * Nothing counts that follows a link: whoever wrote the link may have written it, too.
 * @throws with a sentence for whoever started the program.
 */
export function readArguments(argv: readonly string[]): Arguments {
  const end = argv.findIndex(isLink);
  const own = end < 0 ? argv : argv.slice(0, end);
  const { values } = parseArgs({
    args: own.slice(1).map((arg) => (OPTIONAL.some((name) => arg === `--${name}`) ? `${arg}=` : arg)),
    strict: false,
    options: {
      data: { type: 'string' },
      demo: { type: 'boolean' },
      port: { type: 'string' },
      server: { type: 'string' },
      ...(Object.fromEntries(OPTIONAL.map((name) => [name, { type: 'string' }])) as Record<
        (typeof OPTIONAL)[number],
        { type: 'string' }
      >),
    },
  });
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  const server = text(values.server);
  const kiosk = text(values.kiosk);
  if (kiosk !== undefined && !/^[\w-]{0,64}$/.test(kiosk))
    throw new Error('--kiosk takes the id of a board, or nothing.');
  return {
    data: text(values.data),
    demo: values.demo === true,
    port: portOf('port', text(values.port) ?? '0'),
    doors: doorsOf(values),
    server: server === undefined ? undefined : originOf(server),
    kiosk,
    link: linkAmong(argv),
  };
}

function doorsOf(values: Readonly<Record<string, unknown>>): Doors {
  const asked = (['lan', 'stations', 'waiting-room'] as const).flatMap((name) => {
    const value = values[name];
    return typeof value === 'string' ? [[name, value === '' ? true : portOf(name, value)]] : [];
  });
  return Object.fromEntries(asked) as Doors;
}

function portOf(name: string, text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new Error(`--${name} takes a number from 0 to 65535.`);
  return port;
}

function originOf(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  const here = url?.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  // Records must not cross the network in the clear.
  if (!url || !(url.protocol === 'https:' || here))
    throw new Error('--server takes an address that begins with https://');
  return url.origin;
}
