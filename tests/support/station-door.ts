import { createServer } from 'node:http';
import { eq } from 'drizzle-orm';
import { nobody, type Station } from '../../server/actor.ts';
import { createHttp } from '../../server/transport/http.ts';
import type { World } from './clinic.ts';

export type StationDoor = Readonly<{ url: string; deviceId: string; close: () => void }>;

/**
 * The stations' door with its certificates left out: whoever comes is this paired desk, and speaks for whom it says.
 * The real one, with mutual TLS, has tests of its own.
 */
export async function openStationDoor(
  clinic: World,
  station: Station = { code: 'R1', place: 'reception' },
  deviceId = `station-${station.code}`,
): Promise<StationDoor> {
  const { app } = clinic.server;
  const { t, db } = app.reader;
  const [branch] = await db.select({ id: t.branches.id }).from(t.branches);
  const listener = createHttp({
    ...{ dispatch: app.dispatch, ports: clinic.options.ports, version: clinic.options.version },
    ...{ screens: null, docs: null, onBug: () => undefined },
    door: {
      secure: false,
      async actor(request, origin) {
        const made = Number(request.get('Medlane-Made-At'));
        const desk = { ...nobody(origin), deviceId, station, branchId: branch?.id ?? null, madeAt: made || null };
        const userId = request.get('Medlane-For');
        const [user] = userId ? await db.select().from(t.users).where(eq(t.users.id, userId)) : [];
        return user ? { ...desk, id: user.id, name: user.username, roles: user.roles } : desk;
      },
    },
  });
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return { url: `http://127.0.0.1:${port}`, deviceId, close: () => server.close() };
}
