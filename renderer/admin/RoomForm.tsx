import { MultiSelect, NumberInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../commands.ts';
import { useFormDraft } from '../form-drafts.ts';
import type { Queue, Room } from '../queries.ts';
import { useApi } from '../services.ts';
import { FormDialog } from '../ui/Dialog.tsx';
import { showInForm } from '../ui/errors.tsx';

type Props = { room: Room | null; queues: readonly Queue[]; close: () => void };

export function RoomForm({ room, queues, close: leave }: Props) {
  const { t } = useTranslation();
  const api = useApi();
  const client = useQueryClient();
  const form = useForm({
    initialValues: { name: room?.name ?? '', capacity: room?.capacity ?? 1, queueIds: room?.queueIds ?? [] },
    validate: { name: (value) => (value.trim() ? null : t('field.needed')) },
  });
  const close = useFormDraft('room', room, form, leave);
  const settings = {
    per: 'form' as const,
    onDone: () => {
      for (const name of ['rooms', 'queues']) void client.invalidateQueries({ queryKey: [name] });
      close();
    },
    onError: (error: unknown) => showInForm(form, error, { name_taken: 'name' }),
  };
  const create = useCommand(api.rooms.create, settings);
  const update = useCommand(api.rooms.update, settings);
  const submit = form.onSubmit(
    (values) =>
      void (room ? update.run({ ...values, id: room.id, expectedVersion: room.version }) : create.run(values)),
  );
  return (
    <FormDialog
      title={room ? t('room.edit', { name: room.name }) : t('room.new')}
      action={t('common.save')}
      close={close}
      busy={create.busy || update.busy}
      submit={() => submit()}
    >
      <TextInput label={t('room.name')} maxLength={40} data-autofocus {...form.getInputProps('name')} />
      <NumberInput
        label={t('room.capacity')}
        description={t('room.capacityHint')}
        min={1}
        max={50}
        {...form.getInputProps('capacity')}
      />
      <MultiSelect
        label={t('room.serves')}
        description={t('room.servesHint')}
        data={queues.map(({ id, code, name }) => ({ value: id, label: `${code} · ${name}` }))}
        searchable
        {...form.getInputProps('queueIds')}
      />
    </FormDialog>
  );
}
