import { Button, FileButton, Group, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../commands.ts';
import { ownProfile } from '../queries.ts';
import { useApi, useUser } from '../services.ts';
import { showDone } from '../ui/errors.tsx';
import { Portrait } from '../ui/Portrait.tsx';
import { stampOf } from './stamp.ts';

/** What one looks like, for the others: chosen, seen, removed. */
export function OwnPicture() {
  const { t } = useTranslation();
  const api = useApi();
  const user = useUser();
  const client = useQueryClient();
  const picture = useQuery(ownProfile(api)).data?.picture ?? null;
  const [unreadable, setUnreadable] = useState(false);
  const save = useCommand(api.profile.setPicture);

  async function keep(data: string | null) {
    if (!(await save.run({ data }))) return;
    await client.invalidateQueries({ queryKey: ['profile'] });
    showDone(t(data === null ? 'account.pictureGone' : 'account.pictureSaved'));
  }
  async function choose(file: File | null) {
    if (!file) return;
    const stamp = await stampOf(file);
    if (stamp !== null) await keep(stamp);
    setUnreadable(stamp === null);
  }

  return (
    <Group mt="md" gap="md" wrap="nowrap">
      {picture && <Portrait of={picture} size={72} alt={t('account.pictureOf', { name: user.name })} />}
      <div>
        <Group gap="xs">
          <FileButton accept="image/png,image/jpeg,image/webp" onChange={(file) => void choose(file)}>
            {(props) => (
              <Button {...props} size="xs" variant="default" loading={save.busy}>
                {t('account.choosePicture')}
              </Button>
            )}
          </FileButton>
          {picture && (
            <Button size="xs" variant="subtle" color="red" onClick={() => void keep(null)}>
              {t('account.removePicture')}
            </Button>
          )}
        </Group>
        <Text size="sm" c={unreadable ? 'red' : 'dimmed'} mt={4} role="status">
          {t(unreadable ? 'account.pictureWrong' : 'account.pictureHint')}
        </Text>
      </div>
    </Group>
  );
}
