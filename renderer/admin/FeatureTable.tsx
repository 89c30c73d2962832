import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Level } from '../../domain/rights.ts';
import { useFormat } from '../format.ts';
import type { FeatureRow } from '../queries.ts';
import { type Column, DataTable } from '../ui/DataTable.tsx';

const STATES: Readonly<Record<Level, string>> = { none: 'cancelled', read: 'waiting', create: 'called', full: 'done' };

/** How much of a feature is open. */
export function LevelBadge({ level }: { level: Level }) {
  const { t } = useTranslation();
  return (
    <span className="badge" data-state={STATES[level]}>
      {t(`rights.level_${level}`)}
    </span>
  );
}

/** Why: by role, or by what was granted and until when. */
export function useReason() {
  const { t } = useTranslation();
  const format = useFormat();
  return ({ grant, level }: FeatureRow): string => {
    if (!grant) return level === 'none' ? '–' : t('rights.byRole');
    const what = t(grant.level === 'none' ? 'rights.taken' : 'rights.granted');
    return grant.until ? t('rights.untilTime', { what, time: format.moment(grant.until) }) : what;
  };
}

type Props = Readonly<{
  label: string;
  features: readonly FeatureRow[] | undefined;
  takeBack: (feature: string) => void;
}>;

/** What one person may do of each feature, and why. */
export function FeatureTable({ label, features, takeBack }: Props) {
  const { t } = useTranslation();
  const reason = useReason();
  const columns: Column<FeatureRow>[] = [
    { key: 'feature', header: t('rights.feature'), cell: ({ feature }) => t(`feature.${feature}`) },
    { key: 'level', header: t('rights.level'), cell: ({ level }) => <LevelBadge level={level} /> },
    {
      key: 'count',
      header: t('rights.operations'),
      cell: ({ operations, of }) => t('rights.share', { n: operations, of }),
      minor: true,
    },
    { key: 'why', header: t('rights.why'), cell: reason },
    {
      key: 'actions',
      header: t('common.actions'),
      end: true,
      cell: ({ feature, grant }) =>
        grant && (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`${t('rights.takeBack')} ${t(`feature.${feature}`)}`}
            onClick={() => takeBack(feature)}
          >
            {t('rights.takeBack')}
          </Button>
        ),
    },
  ];
  return (
    <DataTable
      label={label}
      columns={columns}
      rows={features}
      rowKey={({ feature }) => feature}
      empty={t('common.nothingFound')}
    />
  );
}
