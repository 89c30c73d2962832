import { Group, Text } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { UNDO_WINDOW } from '../../domain/decide.ts';
import { useNow } from '../clock.ts';
import { useFormat } from '../format.ts';
import { Token } from '../ui/badges.tsx';
import { ServerButton } from '../ui/ServerButton.tsx';
import { Keys } from '../ui/shortcuts.tsx';
import type { VisitActions } from './actions.tsx';

/** What was just done, and the way back while there is one. */
export function UndoBar({ actions }: { actions: VisitActions }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(1000);
  const { last } = actions;
  return (
    <div role="status">
      {last && (
        <Group gap="sm">
          <Text size="sm">
            <Token of={last.visit.token} /> {t(`did.${last.command}`)}
          </Text>
          <ServerButton
            size="xs"
            variant="default"
            loading={actions.busy}
            leftSection={
              <span className="flip">
                <IconArrowBackUp size={14} aria-hidden />
              </span>
            }
            onClick={actions.undo}
          >
            {t('act.undo')}
            <Keys of="u" />
          </ServerButton>
          <Text size="sm" c="dimmed" aria-hidden>
            {t('act.undoLeft', {
              n: format.number(Math.max(0, Math.ceil((UNDO_WINDOW - Math.max(0, now - last.at)) / 1000))),
            })}
          </Text>
        </Group>
      )}
    </div>
  );
}
