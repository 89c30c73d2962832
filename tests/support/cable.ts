import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

export type Cable = Readonly<{
  /** `host:port` of the end that a desk holds. */
  address: string;
  /** Ends every connection, and lets no other through. */
  pull: () => void;
  /** Lets connections be, and carries nothing more: what a switch without power looks like for minutes. */
  hold: () => void;
  plug: () => void;
  close: () => Promise<void>;
}>;

/** The network between a desk and its server, as something that a test can pull out. Bytes pass as they are. */
export async function openCable(target: string): Promise<Cable> {
  const [host = '', port = ''] = target.split(':');
  let state: 'plugged' | 'pulled' | 'held' = 'plugged';
  const ends = new Set<Socket>();
  const server = createServer((near) => {
    if (state === 'pulled') return void near.destroy();
    const far = connect(Number(port), host);
    for (const end of [near, far]) {
      ends.add(end);
      end.on('error', () => undefined);
      end.on('close', () => {
        ends.delete(end);
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', (bytes) => state === 'plugged' && far.write(bytes));
    far.on('data', (bytes) => state === 'plugged' && near.write(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const end of ends) end.destroy();
  };
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    pull() {
      state = 'pulled';
      cut();
    },
    hold() {
      state = 'held';
    },
    plug() {
      // What was held is lost: a stream with a hole in it is of no use.
      if (state === 'held') cut();
      state = 'plugged';
    },
    close: () =>
      new Promise((resolve) => {
        cut();
        server.close(() => resolve());
      }),
  };
}
