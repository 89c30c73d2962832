import { randomBytes } from 'node:crypto';
import { type Client, createClient } from '../../contract/client.ts';
import { type Fetch, httpTransport } from '../../contract/http.ts';
import { api, type MedlaneApi } from '../../contract/index.ts';
import type { StationPlace } from '../../domain/station.ts';
import type { Identity } from '../../main/workstation/identity.ts';
import { introduce } from '../../main/workstation/pairing.ts';
import { createSecure, type Secure } from '../../main/workstation/secure.ts';
import { PASSWORD, type World } from './clinic.ts';

export type TestDesk = Readonly<{
  identity: Identity;
  secure: Secure;
  url: string;
  /** Calls by this desk's certificate, with these headers beside it. */
  with: (headers: Record<string, string>) => Client<MedlaneApi>;
  /** Somebody signs in here. */
  signIn: (identifier: string) => Promise<Client<MedlaneApi>>;
}>;

export const addressOf = (clinic: World): string => `127.0.0.1:${new URL(clinic.server.doors['stations'] ?? '').port}`;

/** Pairs a desk as people do: a window, a code typed at the administrator's, its answer typed at the desk. */
export async function pairDesk(
  clinic: World,
  { name = 'Front desk', place = 'reception' as StationPlace } = {},
): Promise<TestDesk> {
  const admin = await clinic.as('admin');
  await admin.pairing.open();
  const address = addressOf(clinic);
  const introduced = await introduce({ address, appVersion: '1.2.3', random: randomBytes });
  const { desk } = await admin.pairing.pending();
  const { answer } = await admin.pairing.confirm({
    ...{ pairingId: desk?.pairingId ?? '', code: introduced.code, name, place },
  });
  const identity = await introduced.answer(answer);
  await introduced.close();
  return deskOf(identity);
}

/** A desk that has its identity already. */
export function deskOf(identity: Identity, url = `https://${identity.addresses[0]}`): TestDesk {
  const secure = createSecure(identity);
  const withHeaders = (headers: Record<string, string>) => clientBy(secure.fetch, url, headers);
  return {
    identity,
    secure,
    url,
    with: withHeaders,
    async signIn(identifier) {
      const { accessToken } = await withHeaders({}).auth.login({ identifier, password: PASSWORD, delivery: 'body' });
      return withHeaders({ Authorization: `Bearer ${accessToken}` });
    },
  };
}

export const clientBy = (fetch: Fetch, base: string, headers: Record<string, string> = {}): Client<MedlaneApi> =>
  createClient(api, httpTransport({ base, fetch, headers: () => headers }));
