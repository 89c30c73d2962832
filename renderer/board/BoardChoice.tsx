import { Anchor, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { boardList } from '../queries.ts';
import { useApi } from '../services.ts';
import { Page, Panel } from '../ui/Page.tsx';

/** Every board of this clinic, to be opened on the screen that is to show it. */
export function BoardChoice() {
  const { t } = useTranslation();
  const boards = useQuery(boardList(useApi()));
  return (
    <Page title={t('place.boards')}>
      <Panel>
        <Stack gap="xs" align="flex-start">
          {boards.data?.items.map(({ id, name }) => (
            <Anchor key={id} component={Link} to={`/board/${id}`}>
              {name}
            </Anchor>
          ))}
          {boards.data?.items.length === 0 && <Text c="dimmed">{t('boards.none')}</Text>}
        </Stack>
      </Panel>
    </Page>
  );
}
