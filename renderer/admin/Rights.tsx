import { Group, NativeSelect, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LEVELS, type Level, reaches } from '../../domain/rights.ts';
import { useFormat } from '../format.ts';
import { type FeatureRow, type RightsRow, rightsNow } from '../queries.ts';
import { useRoleNames } from '../rights.ts';
import { useApi } from '../services.ts';
import { type Column, DataTable } from '../ui/DataTable.tsx';
import { Page, Panel } from '../ui/Page.tsx';
import { LevelBadge, useReason } from './FeatureTable.tsx';

type Row = RightsRow & { held: FeatureRow };

/** Who can do this? Everybody to whom a feature is open, how far, and why. */
export function Rights() {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useRoleNames();
  const reason = useReason();
  const rights = useQuery(rightsNow(useApi()));
  const [feature, setFeature] = useState('patients');
  const [level, setLevel] = useState<Level>('read');
  const features = rights.data?.items[0]?.features.map((one) => one.feature) ?? [feature];
  const rows = rights.data?.items.flatMap((person): Row[] => {
    const held = person.features.find((one) => one.feature === feature);
    return held && held.level !== 'none' && reaches(held.level, level) ? [{ ...person, held }] : [];
  });
  const columns: Column<Row>[] = [
    { key: 'name', header: t('users.name'), cell: ({ name }) => name, sort: ({ name }) => name },
    { key: 'roles', header: t('users.roles'), cell: ({ roles }) => names(roles) },
    { key: 'level', header: t('rights.level'), cell: ({ held }) => <LevelBadge level={held.level} /> },
    {
      key: 'count',
      header: t('rights.operations'),
      cell: ({ held }) => t('rights.share', { n: held.operations, of: held.of }),
      minor: true,
    },
    { key: 'why', header: t('rights.why'), cell: ({ held }) => reason(held) },
  ];
  return (
    <Page title={t('rights.title')}>
      <Panel>
        <Text size="sm" mb="sm" maw="46rem">
          {t('rights.who')}
        </Text>
        <Group mb="sm" align="flex-end">
          <NativeSelect
            label={t('rights.feature')}
            value={feature}
            onChange={(event) => setFeature(event.currentTarget.value)}
            data={features
              .map((one) => ({ value: one, label: t(`feature.${one}`) }))
              .sort((a, b) => format.compare(a.label, b.label))}
          />
          <NativeSelect
            label={t('rights.atLeast')}
            value={level}
            onChange={(event) => setLevel(event.currentTarget.value as Level)}
            data={LEVELS.slice(1).map((one) => ({ value: one, label: t(`rights.level_${one}`) }))}
          />
        </Group>
        <DataTable
          label={t('rights.title')}
          columns={columns}
          rows={rows}
          rowKey={({ id }) => id}
          empty={t('rights.nobody')}
          error={rights.isError}
        />
      </Panel>
    </Page>
  );
}
