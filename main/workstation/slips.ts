import type { PaperLanguage, SlipFormat } from '../../domain/paper.ts';
import type { Paper } from '../../paper/paper.ts';
import type { Cache } from './cache.ts';
import type { Core } from './core.ts';
import { answerOf } from './picture.ts';

type Options = Readonly<{ cache: Cache; core: Core; paper: () => Promise<Paper> }>;
type Asked = Readonly<{
  id: string;
  copy?: number | undefined;
  format?: SlipFormat | undefined;
  language?: PaperLanguage | undefined;
}>;
type Settings = Readonly<{ clinic: string; slipFormat: SlipFormat; paperLanguage: PaperLanguage }>;

/** What a desk prints by when nobody ever told it how this clinic prints. */
const PLAIN = { slipFormat: '80', paperLanguage: 'en' } as const;

/** Draws slips while the server is away, by the same hand as the server's. Null: this desk does not have the visit. */
export function createSlips({ cache, core, paper }: Options) {
  return async ({ id, copy = undefined, format, language }: Asked): Promise<File | null> => {
    const picture = core.picture();
    const visit = answerOf(picture, id, core.clock());
    if (!visit || !picture.clinic) return null;
    const settings = (cache.remembered('settings.get') as Settings | null) ?? PLAIN;
    const facts = {
      clinic: picture.clinic.name,
      token: visit.token,
      queue: picture.queues.get(visit.queueId)?.name ?? '',
      room: (visit.forRoomId && picture.rooms.get(visit.forRoomId)?.name) || null,
      ahead: visit.place === null ? null : visit.place - 1,
      // How long it will be, only the server can tell.
      wait: copy === 1 ? visit.estimate : null,
      arrivedAt: Date.parse(visit.arrivedAt),
      copy: copy ?? null,
    };
    const setting = {
      language: language ?? settings.paperLanguage,
      timeZone: picture.clinic.timeZone,
      printedAt: core.clock(),
    };
    const bytes = await (await paper()).slip(facts, format ?? settings.slipFormat, setting);
    return new File([bytes as Uint8Array<ArrayBuffer>], `slip-${visit.token}.pdf`, { type: 'application/pdf' });
  };
}
