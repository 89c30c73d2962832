import { connect, createServer, type Server, type Socket } from 'node:net';
import { type Chance, sleep } from '../../day/random.ts';

const FATES = ['well', 'refused', 'cut', 'half-closed', 'held'] as const;

/** What becomes of one connection: drawn when it is made, so that the nth one always fares the same. */
type Fate = Readonly<{
  is: (typeof FATES)[number];
  /** In which direction, and after so many bytes: anywhere from the handshake to some later answer. */
  of: 'request' | 'answer';
  after: number;
  /** For how long bytes are held back, and how late each piece is otherwise; in ms. */
  hold: number;
  late: number;
}>;

const fateOf = (chance: Chance): Fate => ({
  is: chance.happens(0.5) ? 'well' : chance.pick(FATES),
  of: chance.happens(0.5) ? 'request' : 'answer',
  after: Math.floor(chance.between(0, chance.happens(0.5) ? 6000 : 30_000)),
  hold: chance.between(200, 4000),
  late: chance.between(0, 40),
});

export type LossyWire = Readonly<{
  server: Server;
  /** From now on it only carries: what is held goes on, and nothing is cut any more. */
  calm: () => void;
}>;

/** A line that delays, refuses, cuts in the middle, closes one direction only, and holds bytes back: all by chance. */
export function createLossyWire(
  far: Readonly<{ host: string; port: number; localAddress: string }>,
  chance: Chance,
): LossyWire {
  let count = 0;
  let isCalm = false;

  const server = createServer({ allowHalfOpen: true }, (near) => {
    count += 1;
    const fate = fateOf(chance.fork(`connection ${count}`));
    if (fate.is === 'refused' && !isCalm) return void near.resetAndDestroy();
    const onward = connect({ ...far, allowHalfOpen: true });
    const cut = () => {
      near.resetAndDestroy();
      onward.resetAndDestroy();
    };
    for (const end of [near, onward]) {
      end.setNoDelay(true);
      end.on('error', cut);
      end.on('close', (failed) => failed && cut());
    }
    carry('request', near, onward, { fate, cut, isCalm: () => isCalm });
    carry('answer', onward, near, { fate, cut, isCalm: () => isCalm });
  });

  return {
    server,
    calm() {
      isCalm = true;
    },
  };
}

type Way = Readonly<{ fate: Fate; cut: () => void; isCalm: () => boolean }>;

/** One direction: piece by piece, in their order. */
function carry(of: Fate['of'], from: Socket, to: Socket, { fate, cut, isCalm }: Way): void {
  let carried = 0;
  let met = false;
  const pass = async (bytes: Buffer): Promise<void> => {
    await sleep(isCalm() ? 0 : fate.late);
    const left = fate.after - carried;
    carried += bytes.length;
    if (fate.of !== of || fate.is === 'well' || met || isCalm() || left > bytes.length) return void to.write(bytes);
    met = true;
    // A part of it still arrives: a message without its end.
    to.write(bytes.subarray(0, left));
    if (fate.is === 'cut') return cut();
    if (fate.is === 'half-closed') return void to.end();
    await sleep(fate.hold);
    to.write(bytes.subarray(left));
  };
  let last = Promise.resolve();
  from.on('data', (bytes: Buffer) => {
    last = last.then(() => (to.writable ? pass(bytes) : undefined));
  });
  from.on('end', () => {
    last = last.then(() => void to.end());
  });
}
