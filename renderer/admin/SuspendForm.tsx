import { Radio, Stack, Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { clock } from '../clock.ts';
import { useCommand } from '../commands.ts';
import type { UserRow } from '../queries.ts';
import { useApi } from '../services.ts';
import { FormDialog } from '../ui/Dialog.tsx';
import { showDone, showInForm } from '../ui/errors.tsx';

const HOUR = 3_600_000;
/** For how long (ms) somebody is usually kept out; `good` is until somebody lets them in. */
const TIMES = { hour: HOUR, day: 24 * HOUR, week: 7 * 24 * HOUR, good: null } as const;
type Time = keyof typeof TIMES;

/** Keeps somebody out, with a reason that they read when they try to sign in. */
export function SuspendForm({ user, close }: { user: UserRow; close: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const client = useQueryClient();
  const form = useForm({
    initialValues: { reason: '', time: 'day' as Time },
    validate: { reason: (value) => (value.trim() ? null : t('reason.needed')) },
  });
  const suspend = useCommand(api.users.suspend, {
    per: 'form',
    onDone: () => {
      void client.invalidateQueries({ queryKey: ['users'] });
      showDone(t('common.saved'));
      close();
    },
    onError: (error) => showInForm(form, error),
  });
  const send = ({ reason, time }: { reason: string; time: Time }) => {
    const long = TIMES[time];
    const until = long === null ? null : new Date(clock.now() + long).toISOString();
    void suspend.run({ id: user.id, reason, until });
  };
  return (
    <FormDialog
      title={t('users.suspendTitle', { name: user.name })}
      action={t('users.do_suspend')}
      danger
      close={close}
      busy={suspend.busy}
      submit={() => form.onSubmit(send)()}
    >
      <Text size="sm">{t('users.suspendText')}</Text>
      <Textarea
        label={t('reason.label')}
        maxLength={300}
        autosize
        minRows={2}
        data-autofocus
        {...form.getInputProps('reason')}
      />
      <Radio.Group label={t('users.suspendFor')} {...form.getInputProps('time')}>
        <Stack gap="xs" mt="xs">
          {(Object.keys(TIMES) as Time[]).map((time) => (
            <Radio key={time} value={time} label={t(`users.for_${time}`)} />
          ))}
        </Stack>
      </Radio.Group>
    </FormDialog>
  );
}
