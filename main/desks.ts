import { createClient } from '../contract/client.ts';
import { httpTransport } from '../contract/http.ts';
import { api, type MedlaneApi } from '../contract/index.ts';
import type { Output } from '../contract/kit.ts';
import type { Running } from './clinic-folder.ts';

export type Connected = Output<MedlaneApi['system']['connections']>['connections'][number];
const WITHIN = 3000;

/** The other computers on this computer's server; null when it does not say. */
export async function otherDesks(running: Running | null): Promise<readonly Connected[] | null> {
  if (!running) return null;
  const transport = httpTransport({
    base: running.url,
    fetch: (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(WITHIN) }),
    headers: () => ({ Authorization: `Operator ${running.token}` }),
  });
  try {
    const { connections } = await createClient(api, transport).system.connections();
    return connections.filter(({ here }) => !here);
  } catch {
    return null;
  }
}

/** The most that a question can show; the rest is a number. */
const SHOWN = 8;

export function nameDesks(desks: readonly Connected[], more: (count: number) => string, comma: string): string {
  const names = desks.slice(0, SHOWN).map(({ name, place }) => (place ? `${name} (${place})` : name));
  if (desks.length > SHOWN) names.push(more(desks.length - SHOWN));
  return names.join(comma);
}
