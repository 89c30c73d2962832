import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { LEVELS } from '../../domain/rights.ts';
import { useCommand } from '../commands.ts';
import { useFormat } from '../format.ts';
import { rightsNow, type UserRow } from '../queries.ts';
import { useApi } from '../services.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { showDone, showInForm } from '../ui/errors.tsx';
import { PortraitOf } from '../ui/Portrait.tsx';
import { FeatureTable } from './FeatureTable.tsx';

/** What somebody may do, why, and what is given to them beyond their roles or taken from them. */
export function RightsForm({ user, close }: { user: UserRow; close: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const client = useQueryClient();
  const features = useQuery(rightsNow(api)).data?.items.find(({ id }) => id === user.id)?.features;
  const form = useForm({
    initialValues: { feature: '', level: 'read' as (typeof LEVELS)[number], until: '' },
    validate: { feature: (value) => (value ? null : t('field.needed')) },
  });
  const told = {
    onDone: () => {
      for (const name of ['users', 'rights']) void client.invalidateQueries({ queryKey: [name] });
      showDone(t('common.saved'));
    },
  };
  const give = useCommand(api.users.grant, {
    ...told,
    per: 'form',
    onError: (error) => showInForm(form, error, { beyond_rights: 'feature' }),
  });
  const takeBack = useCommand(api.users.revoke, told);
  const sorted = [...(features ?? [])].sort((a, b) =>
    format.compare(t(`feature.${a.feature}`), t(`feature.${b.feature}`)),
  );
  return (
    <Dialog title={t('rights.of', { name: user.name })} close={close} size="xl">
      <Stack>
        <PortraitOf userId={user.id} size={72} alt={t('account.pictureOf', { name: user.name })} />
        <form
          noValidate
          onSubmit={form.onSubmit(
            ({ until, ...given }) =>
              // Until the end of that day, here.
              void give.run({
                id: user.id,
                ...given,
                until: until ? new Date(`${until}T23:59:59`).toISOString() : null,
              }),
          )}
        >
          <Group align="flex-start">
            <NativeSelect
              label={t('rights.feature')}
              flex={2}
              miw="11rem"
              data={[
                { value: '', label: '–' },
                ...sorted.map(({ feature }) => ({ value: feature, label: t(`feature.${feature}`) })),
              ]}
              {...form.getInputProps('feature')}
            />
            <NativeSelect
              label={t('rights.level')}
              flex={1}
              miw="9rem"
              data={LEVELS.map((level) => ({ value: level, label: t(`rights.level_${level}`) }))}
              {...form.getInputProps('level')}
            />
            <TextInput
              label={t('rights.until')}
              description={t('rights.untilHint')}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              type="date"
              flex={1}
              miw="10rem"
              {...form.getInputProps('until')}
            />
            <Button type="submit" mt={25} loading={give.busy}>
              {t('rights.give')}
            </Button>
          </Group>
        </form>
        <Text size="sm" c="dimmed">
          {t('rights.text')}
        </Text>
        <FeatureTable
          label={t('rights.of', { name: user.name })}
          features={features && sorted}
          takeBack={(feature) => void takeBack.run({ id: user.id, feature })}
        />
      </Stack>
    </Dialog>
  );
}
