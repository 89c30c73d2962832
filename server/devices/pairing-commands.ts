import type { pairing as contract } from '../../contract/devices.ts';
import { branchOf } from '../clinic.ts';
import { type CommandContext, type GroupHandlers, prepared } from '../dispatch.ts';
import { metaOf, setMeta } from '../feed/feed.ts';
import { iso } from '../ports.ts';
import type { Pairing } from './pairing.ts';
import { type Authority, fingerprintOf, insertStation, stationOf } from './stations.ts';

type Contract = typeof contract;

/** The clinic's note of the port on which its desks' door is open from now on. */
export const STATIONS_PORT = 'stationsPort';

/** The desks' door: whether it is open is the transport's matter. */
export type DesksDoor = Readonly<{
  /** Opens it when it is closed; its port, where the next starts are to open it again. */
  open: () => Promise<number | null>;
  addresses: () => readonly string[];
}>;

type Services = Readonly<{ pairing: Pairing; authority: Authority; door: DesksDoor }>;

/** Adding a desk: the administrator's steps, and the new desk's own. */
export function createPairingHandlers({ pairing, authority, door }: Services): GroupHandlers<'pairing'> {
  const shown = (branchId: string) => {
    const window = pairing.view(branchId);
    const run = window?.run;
    return {
      until: window ? iso(window.until) : null,
      addresses: [...door.addresses()],
      triesLeft: window?.triesLeft ?? 0,
      strangers: window?.strangers ?? 0,
      desk: run
        ? {
            pairingId: run.id,
            appVersion: run.appVersion,
            address: run.address,
            ready: run.codes !== null,
            paired: run.deviceId !== null,
          }
        : null,
    };
  };
  /** What a stranger does is kept with the branch whose window they came through. */
  const recordStranger = (ctx: CommandContext, branchId: string, resourceId: string) =>
    ctx.record({ resource: 'pairing', resourceId, actor: { ...ctx.actor, branchId } });

  return {
    open: prepared<Contract['open'], number | null>({
      prepare: () => door.open(),
      async handle(ctx, _input, port) {
        pairing.open(ctx.branchId);
        if (port !== null) await setMeta(ctx.tx, STATIONS_PORT, String(port));
        ctx.record({ resource: 'pairing' });
        return shown(ctx.branchId);
      },
    }),

    pending: async (ctx) => shown(ctx.branchId),

    confirm: prepared<Contract['confirm'], Readonly<{ deviceId: string; certificate: string; until: number }> | null>({
      async prepare(_ctx, { pairingId, code }) {
        if (!pairing.expects(pairingId, code)) return null;
        const run = pairing.find(pairingId);
        const deviceId = run.deviceId ?? run.id;
        return { deviceId, ...(await authority.certify(deviceId, run.publicKey)) };
      },
      async handle(ctx, { pairingId, code, name, place }, ready) {
        ctx.record({ resource: 'device', resourceId: pairingId });
        const run = pairing.take(ctx.branchId, pairingId, code);
        if (!ready) return ctx.fail('wrong_code');
        const { deviceId } = ready;
        const known = await stationOf(ctx.tx, deviceId);
        const { publicKey, appVersion } = run;
        const stationCode =
          known?.code ??
          (await insertStation(ctx, { deviceId, name, place, publicKey, appVersion, certificateUntil: ready.until }));
        pairing.done(run, deviceId, ready.certificate);
        ctx.emit('device.changed', { deviceId });
        ctx.record({ after: { name, place, code: stationCode, key: fingerprintOf(publicKey) } });
        return { answer: run.codes.server, deviceId, stationCode };
      },
    }),

    async cancel(ctx) {
      if (pairing.view(ctx.branchId)) pairing.close();
      ctx.record({ resource: 'pairing' });
      return { ok: true };
    },

    async begin(ctx, { commitment, publicKey, appVersion }) {
      fingerprintOf(publicKey);
      const begun = await pairing.begin({ commitment, publicKey, appVersion, address: ctx.actor.origin });
      const { branchId, until, ...said } = begun;
      recordStranger(ctx, branchId, said.pairingId);
      return { ...said, until: iso(until) };
    },

    async reveal(ctx, { pairingId, deskNonce }) {
      const { branchId } = await pairing.reveal(pairingId, deskNonce);
      recordStranger(ctx, branchId, pairingId);
      return { ok: true };
    },

    async collect(ctx, { pairingId }) {
      const { deviceId, certificate } = pairing.find(pairingId);
      // Of the database and not of memory: what was not committed was not added.
      const station = deviceId ? await stationOf(ctx.db, deviceId) : undefined;
      if (!station || !certificate || station.revokedAt !== null) return { desk: null };
      const { name, place, code, branchId } = station;
      const [branch, epoch] = await Promise.all([branchOf(ctx.db, branchId), metaOf(ctx.db, 'epoch')]);
      const said = { deviceId: station.deviceId, stationCode: code, name, place, clinic: branch.name };
      return { desk: { ...said, certificate, epoch: epoch ?? '' } };
    },
  };
}
