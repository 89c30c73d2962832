import { parseArgs } from 'node:util';

export type Arguments = Readonly<{
  data: string | undefined;
  demo: boolean;
  port: number;
  /** A clinic's server elsewhere: then none is started here. */
  server: string | undefined;
}>;

/**
 * What stands after the app's own path. Chromium's switches and a debugger's stand among them, and are not ours to judge.
 * @throws with a sentence for whoever started the program.
 */
export function readArguments(argv: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...argv.slice(1)],
    strict: false,
    options: {
      data: { type: 'string' },
      demo: { type: 'boolean' },
      port: { type: 'string' },
      server: { type: 'string' },
    },
  });
  const port = Number(values.port ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('--port takes a number from 0 to 65535.');
  const data = typeof values.data === 'string' ? values.data : undefined;
  const server = typeof values.server === 'string' ? originOf(values.server) : undefined;
  return { data, demo: values.demo === true, port, server };
}

function originOf(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  const here = url?.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  // Records must not cross the network in the clear.
  if (!url || !(url.protocol === 'https:' || here))
    throw new Error('--server takes an address that begins with https://');
  return url.origin;
}
