import { Checkbox, Select, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CALLERS } from '../../domain/people.ts';
import { hasRole } from '../places.ts';
import { queueList, roomList, staffList, type VisitRow } from '../queries.ts';
import { useApi, useUser } from '../services.ts';
import { Choices } from '../ui/Choices.tsx';
import { FormDialog } from '../ui/Dialog.tsx';

export type TransferTo = { queueId?: string; roomId?: string; staffId?: string; andReturn?: boolean; reason?: string };
type Kind = 'queue' | 'room' | 'doctor';
type Props = { visit: VisitRow; busy: boolean; close: () => void; done: (to: TransferTo) => void };

/** Where to next: a queue, a room, or a member of staff; and whether the patient comes back here. */
export function TransferDialog({ visit, busy, close, done }: Props) {
  const { t } = useTranslation();
  const api = useApi();
  const user = useUser();
  const queues = useQuery(queueList(api)).data?.items ?? [];
  const rooms = useQuery(roomList(api)).data?.items ?? [];
  const staff = useQuery(staffList(api)).data?.items ?? [];
  const [kind, setKind] = useState<Kind>('queue');
  const [target, setTarget] = useState<string | null>(null);
  const [andReturn, setAndReturn] = useState(false);
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);

  const options = {
    queue: queues
      .filter(({ id, state }) => id !== visit.queueId && state !== 'closed')
      .map(({ id, code, name }) => ({ value: id, label: `${code} · ${name}` })),
    room: rooms.filter(({ id }) => id !== visit.roomId).map(({ id, name }) => ({ value: id, label: name })),
    doctor: staff
      .filter(({ id }) => id !== user.id)
      .map(({ id, name, roles }) => {
        const at = rooms.filter(({ workers }) => workers.some((worker) => worker.id === id));
        const where = at.length > 0 ? at.map((room) => room.name) : roles.map((role) => t(`role.${role}`));
        return { value: id, label: `${name} · ${where.join(t('common.listComma'))}`, away: at.length === 0 };
      })
      // First those who are in a room today.
      .sort((a, b) => Number(a.away) - Number(b.away)),
  }[kind];
  const submit = () => {
    if (!target) return setMissing(true);
    const to = { queue: { queueId: target }, room: { roomId: target }, doctor: { staffId: target } }[kind];
    done({ ...to, ...(andReturn ? { andReturn } : {}), ...(reason.trim() ? { reason: reason.trim() } : {}) });
  };

  return (
    <FormDialog
      title={t('act.transferTitle', { token: visit.token })}
      action={t('act.transfer')}
      close={close}
      busy={busy}
      submit={submit}
    >
      <Choices
        small
        label={t('transfer.to')}
        choices={(['queue', 'room', 'doctor'] as const).map((value) => ({ value, label: t(`transfer.${value}`) }))}
        value={kind}
        change={(value) => {
          setKind(value);
          setTarget(null);
        }}
      />
      <Select
        label={t(`transfer.${kind}`)}
        data={options}
        value={target}
        onChange={setTarget}
        searchable
        data-autofocus
        nothingFoundMessage={t('transfer.none')}
        error={missing && !target ? t('field.needed') : undefined}
      />
      {hasRole(user, CALLERS) && (
        <Checkbox
          label={t('transfer.andReturn')}
          description={t('transfer.andReturnHint')}
          checked={andReturn}
          onChange={(event) => setAndReturn(event.currentTarget.checked)}
        />
      )}
      <Textarea
        label={t('reason.optional')}
        value={reason}
        maxLength={300}
        autosize
        minRows={1}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
