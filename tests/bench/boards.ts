import { type Clinic, openClinic, type Workshop } from './clinic-folder.ts';
import { type Figure, judged, ms, quantile, times } from './figures.ts';
import { type Helper, startHelper } from './helper.ts';
import type { ScreenOrder, ScreenResult } from './screens.ts';

type Screens = Helper<ScreenOrder, ScreenResult>;

const group = 'From a command to the last screen';

/** How long until everybody who looks has seen it. Without TLS: product and floor alike. */
export async function benchBoards(shop: Workshop, { commands }: Readonly<{ commands: number }>): Promise<Figure[]> {
  const clinic = await openClinic({ entry: shop.entry, accounts: shop.accounts, folder: shop.copy('boards') });
  const screens: Screens = startHelper('./screens.ts');
  try {
    const { path, boardId } = await somebodyCalled(clinic);
    const senders: string[] = [];
    const doctor = shop.accounts.find(({ roles }) => roles.includes('doctor'));
    for (let left = 8; left > 0; left -= 1) {
      senders.push(
        (
          await clinic.admin.auth.login({
            identifier: doctor?.username ?? '',
            password: doctor?.password ?? '',
            delivery: 'body',
          })
        ).accessToken,
      );
    }
    const figures: Figure[] = [];
    for (const count of [50, 200]) {
      const base = { port: clinic.port, raw: false, screens: count, token: clinic.tokens.admin, path, senders };
      const calm = { commands: Math.ceil(commands / 10), gap: 200 };
      const busy = { commands, gap: 10 };
      const staff = await screens.ask({ ...base, ...busy, boardId: null, mark: 'changed' });
      const staffFloor = await floorOf(screens, count, busy, staff.bytes);
      const board = await screens.ask({ ...base, ...calm, boardId, mark: 'board' });
      const boardFloor = await floorOf(screens, count, calm, board.bytes);
      const crowded = await screens.ask({ ...base, ...busy, boardId, mark: 'board' });
      figures.push(
        judge(`${count} desks, 100 commands a second, the change itself`, staff, staffFloor, count),
        judge(`${count} boards, a call every 200 ms`, board, boardFloor, count),
        { group, what: `${count} boards, 100 calls a second (gathered every 150 ms)`, measured: say(crowded) },
      );
    }
    return figures;
  } finally {
    screens.stop();
    await clinic.stop();
  }
}

const say = ({ toLast, missing }: ScreenResult) =>
  `p50 ${ms(quantile(toLast, 0.5))}, p99 ${ms(quantile(toLast, 0.99))}${missing > 0 ? `; ${missing} never came` : ''}`;

function judge(what: string, product: ScreenResult, floor: ScreenResult, count: number): Figure {
  const [own, least] = [quantile(product.toLast, 0.99), quantile(floor.toLast, 0.99)];
  const text = {
    measured: `${say(product)} = ${times(own / least)} the floor's p99`,
    limit: `raw ws, ${product.bytes} bytes: ${say(floor)}`,
  };
  if (product.missing > 0)
    return { group, what, ...text, goal: 'every message', met: false, miss: `${product.missing} messages` };
  return count === 200
    ? judged(group, what, Number(own.toFixed(1)), 'most', 25, { ...text, unit: 'ms p99' })
    : judged(group, what, Number((own / least).toFixed(2)), 'most', 3, { ...text, unit: '× the floor’s p99' });
}

async function floorOf(
  screens: Screens,
  count: number,
  pace: { commands: number; gap: number },
  bytes: number,
): Promise<ScreenResult> {
  const server = startHelper<{ bytes: number }, number>('./ws-floor.ts');
  try {
    const port = await server.ask({ bytes: Math.max(0, bytes - 60) });
    return await screens.ask({
      port,
      raw: true,
      screens: count,
      token: '',
      boardId: null,
      path: '/',
      senders: [''],
      mark: 'changed',
      ...pace,
    });
  } finally {
    server.stop();
  }
}

/** Somebody who was called and can be called again and again: the smallest command that every board must show. */
async function somebodyCalled({
  admin,
  doctor,
  queues,
  patients,
  boardId,
}: Clinic): Promise<{ path: string; boardId: string }> {
  const [queueId] = (await queues(1)) as [string];
  const board = (await admin.boards.list()).items.find(({ id }) => id === boardId);
  await admin.boards.update({ id: boardId, queueIds: [...(board?.queueIds ?? []), queueId] });
  const room = await admin.rooms.create({ name: 'Bench room', queueIds: [queueId] });
  await doctor.visits.issue({ patientId: patients[0] as string, queueId, confirmRepeat: true });
  const called = await doctor.queues.callNext({ id: queueId, roomId: room.id });
  return { path: `/api/v1/visits/${called.id}/recall`, boardId };
}
