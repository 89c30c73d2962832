import { Button, Stack, Text } from '@mantine/core';
import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOptions } from '../../contract/client.ts';
import { ApiError } from '../../contract/kit.ts';
import { USUAL_REASONS } from '../../domain/reasons.ts';
import { TRANSITIONS } from '../../domain/visit.ts';
import { useCommand } from '../commands.ts';
import type { Queue, Room, Visit, VisitRow } from '../queries.ts';
import { useApi } from '../services.ts';
import { Dialog, ReasonDialog } from '../ui/Dialog.tsx';

const OUTCOMES = ['finish', 'return', 'no-show'] as const;
type Outcome = (typeof OUTCOMES)[number];
type Input =
  | { next: string; visit?: never }
  | { next?: never; visit: Pick<VisitRow, 'id' | 'stepId' | 'version' | 'token'> };
type Wish = Input & { reason?: string; current?: Outcome };

export type Calling = Readonly<{
  next: (queue: Queue) => void;
  call: (row: VisitRow) => void;
  busy: boolean;
  dialogs: ReactNode;
}>;

/** Calling somebody in: asks what becomes of the one who is still there, and why when the order is not kept. */
export function useCalling(room: Room, here: readonly VisitRow[], called: (visit: Visit) => void): Calling {
  const { t } = useTranslation();
  const api = useApi();
  const [busyFor, setBusyFor] = useState<Wish | null>(null);
  const [reasonFor, setReasonFor] = useState<Wish | null>(null);
  const latest = useRef<Wish | null>(null);

  const command = useCommand(
    (wish: Wish, options: CallOptions): Promise<Visit> => {
      const extra = wish.current ? { current: wish.current } : {};
      if (wish.next !== undefined) return api.queues.callNext({ id: wish.next, roomId: room.id, ...extra }, options);
      const { id, stepId, version } = wish.visit;
      return api.visits.call(
        {
          id,
          stepId,
          expectedVersion: version,
          roomId: room.id,
          ...extra,
          ...(wish.reason ? { reason: wish.reason } : {}),
        },
        options,
      );
    },
    {
      onError: (error) => {
        const code = error instanceof ApiError ? error.code : '';
        if (code !== 'room_busy' && code !== 'reason_required') return false;
        const again = latest.current;
        if (!again) return false;
        if (code === 'room_busy') setBusyFor(again);
        else setReasonFor(again);
        return true;
      },
    },
  );

  async function send(wish: Wish) {
    // A full room is known here already; the server has the last word.
    if (!wish.current && here.length >= room.capacity) return setBusyFor(wish);
    latest.current = wish;
    const visit = await command.run(wish);
    if (!visit) return;
    setBusyFor(null);
    setReasonFor(null);
    called(visit);
  }

  const occupant = here[0];
  const outcomes = OUTCOMES.filter(
    (outcome) => !occupant || (TRANSITIONS[outcome].from as readonly string[]).includes(occupant.state),
  );
  return {
    next: (queue) => void send({ next: queue.id }),
    call: (row) => (row.place === 1 ? void send({ visit: row }) : setReasonFor({ visit: row })),
    busy: command.busy,
    dialogs: (
      <>
        {reasonFor && !busyFor && (
          <ReasonDialog
            title={t('doctor.callTitle', { token: reasonFor.visit?.token ?? '' })}
            text={<Text size="sm">{t('doctor.outOfOrder')}</Text>}
            action={t('doctor.call')}
            usual={USUAL_REASONS.callBefore}
            busy={command.busy}
            close={() => setReasonFor(null)}
            done={(reason) => void send({ ...reasonFor, reason })}
          />
        )}
        {busyFor && (
          <Dialog title={t('doctor.busyTitle', { room: room.name })} close={() => setBusyFor(null)}>
            <Stack>
              <Text>
                {occupant
                  ? t('doctor.busyText', { token: occupant.token, state: t(`state.${occupant.state}`) })
                  : t('doctor.busyTextAny')}
              </Text>
              {outcomes.map((current, index) => (
                <Button
                  key={current}
                  variant={index === 0 ? 'filled' : 'default'}
                  loading={command.busy}
                  data-autofocus={index === 0 || undefined}
                  onClick={() => void send({ ...busyFor, current })}
                >
                  {t(`doctor.outcome.${current}`)}
                </Button>
              ))}
              <Button variant="subtle" onClick={() => setBusyFor(null)}>
                {t('common.back')}
              </Button>
            </Stack>
          </Dialog>
        )}
      </>
    ),
  };
}
