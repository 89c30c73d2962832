import { Fieldset, NumberInput, Radio, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { DEFAULT_POLICY, queueOrder } from '../../domain/queue-order.ts';
import { PRIORITIES, type Priority } from '../../domain/visit.ts';
import { useCommand } from '../commands.ts';
import { useFormDraft } from '../form-drafts.ts';
import { useFormat } from '../format.ts';
import type { Queue } from '../queries.ts';
import { useApi } from '../services.ts';
import { FormDialog } from '../ui/Dialog.tsx';
import { showInForm } from '../ui/errors.tsx';

/** Eight people in the order of their arrival, to show what a policy does with them. */
const EXAMPLE: readonly Priority[] = [
  'normal',
  'normal',
  'priority',
  'appointment',
  'normal',
  'priority',
  'priority',
  'appointment',
];

export function QueueForm({ queue, close: leave }: { queue: Queue | null; close: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const client = useQueryClient();
  const form = useForm({
    initialValues: {
      code: queue?.code ?? '',
      name: queue?.name ?? '',
      policy: structuredClone(
        queue?.policy ?? { ...DEFAULT_POLICY, maxWaitMinutes: { ...DEFAULT_POLICY.maxWaitMinutes } },
      ),
      returnTo: queue?.returnTo ?? ('place' as const),
      rejoinAfter: queue?.rejoinAfter ?? 2,
    },
    validate: {
      code: (value) => (queue || /^[A-Za-z]{1,3}$/.test(value.trim()) ? null : t('queue.codeWrong')),
      name: (value) => (value.trim() ? null : t('field.needed')),
    },
  });
  const close = useFormDraft('queue', queue, form, leave);
  const settings = {
    per: 'form' as const,
    onDone: () => {
      void client.invalidateQueries({ queryKey: ['queues'] });
      close();
    },
    onError: (error: unknown) => showInForm(form, error, { name_taken: queue ? 'name' : 'code' }),
  };
  const create = useCommand(api.queues.create, settings);
  const update = useCommand(api.queues.update, settings);
  const submit = form.onSubmit(
    ({ code, ...values }) =>
      void (queue
        ? update.run({ ...values, id: queue.id, expectedVersion: queue.version })
        : create.run({ ...values, code })),
  );
  const { policy } = form.values;

  return (
    <FormDialog
      title={queue ? t('queue.edit', { name: queue.name }) : t('queue.new')}
      action={t('common.save')}
      size="lg"
      close={close}
      busy={create.busy || update.busy}
      submit={() => submit()}
    >
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput
          label={t('queue.code')}
          description={t('queue.codeHint')}
          maxLength={3}
          disabled={queue !== null}
          data-autofocus={queue === null || undefined}
          {...form.getInputProps('code')}
        />
        <TextInput
          label={t('queue.name')}
          description={t('queue.nameHint')}
          maxLength={60}
          {...form.getInputProps('name')}
        />
      </SimpleGrid>
      <Fieldset legend={t('policy.title')}>
        <Stack gap="sm">
          <Radio.Group aria-label={t('policy.title')} {...form.getInputProps('policy.kind')}>
            <Stack gap="xs">
              <Radio value="absolute" label={t('policy.absolute')} description={t('policy.absoluteText')} />
              <Radio
                value="ratio"
                label={t('policy.ratio')}
                description={t('policy.ratioText', { n: format.number(policy.ratio) })}
              />
            </Stack>
          </Radio.Group>
          {policy.kind === 'ratio' && (
            <NumberInput label={t('policy.ratioN')} min={1} max={20} {...form.getInputProps('policy.ratio')} />
          )}
          <SimpleGrid cols={{ base: 2, xs: 4 }} className="in-line">
            {PRIORITIES.map((priority) => (
              <NumberInput
                key={priority}
                label={t('policy.maxWait', { priority: t(`priority.${priority}`) })}
                suffix={t('policy.minutesSuffix')}
                min={1}
                max={1440}
                {...form.getInputProps(`policy.maxWaitMinutes.${priority}`)}
              />
            ))}
          </SimpleGrid>
          <PolicyExample policy={policy} />
        </Stack>
      </Fieldset>
      <Radio.Group label={t('queue.returnTo')} {...form.getInputProps('returnTo')}>
        <Stack gap="xs" mt={4}>
          <Radio value="place" label={t('queue.returnToPlace')} />
          <Radio value="end" label={t('queue.returnToEnd')} />
        </Stack>
      </Radio.Group>
      <NumberInput
        label={t('queue.rejoinAfter')}
        description={t('queue.rejoinAfterHint')}
        min={0}
        max={20}
        {...form.getInputProps('rejoinAfter')}
      />
    </FormDialog>
  );
}

/** The same function that orders the clinic's line orders the example: what is shown here is what will happen. */
function PolicyExample({ policy }: { policy: Queue['policy'] }) {
  const { t } = useTranslation();
  const steps = EXAMPLE.map((priority, index) => ({
    id: String(index),
    priority,
    seniorAt: index,
    waitingSince: 0,
    behind: 0,
    ahead: false,
    number: index + 1,
  }));
  const number = (value: number) => `${String(value)} (${t(`priority.${EXAMPLE[value - 1] ?? 'normal'}`)})`;
  const order = queueOrder(steps, policy, 0);
  return (
    <Stack gap={2} className="note" role="status">
      <Text size="sm" fw={600}>
        {t('policy.example')}
      </Text>
      <Text size="sm">
        {t('policy.arrive', { list: steps.map((step) => number(step.number)).join(t('common.listComma')) })}
      </Text>
      <Text size="sm">
        {t('policy.called', { list: order.map(({ step }) => number(step.number)).join(t('common.listComma')) })}
      </Text>
    </Stack>
  );
}
