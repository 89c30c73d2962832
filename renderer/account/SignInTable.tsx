import { Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { HIGH, SIGNS, SUSPICIOUS } from '../../domain/sign-in-risk.ts';
import { useFormat } from '../format.ts';
import type { SignInRow } from '../queries.ts';
import { type Column, DataTable } from '../ui/DataTable.tsx';

type Props = Readonly<{
  label: string;
  rows: readonly SignInRow[] | undefined;
  more?: { load: () => void; busy: boolean } | undefined;
  error: boolean;
  /** Whose they are, where they are not all of one person. */
  names?: boolean;
}>;

const stateOf = (risk: number) => (risk >= HIGH ? 'no_show' : risk >= SUSPICIOUS ? 'called' : undefined);

/** Who signed in or tried to, and what was unusual about it: every figure with what it is made of. */
export function SignInTable({ label, rows, more, error, names = false }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const columns: Column<SignInRow>[] = [
    { key: 'at', header: t('audit.at'), cell: ({ at }) => format.moment(at) },
    ...(names
      ? [{ key: 'name', header: t('users.name'), cell: ({ name }: SignInRow) => name || t('signIns.nobody') }]
      : []),
    {
      key: 'outcome',
      header: t('audit.outcome'),
      cell: ({ outcome }) => (
        <span className="badge" data-state={outcome === 'ok' ? 'done' : 'no_show'}>
          {t(`signIns.outcome_${outcome}`)}
        </span>
      ),
    },
    { key: 'how', header: t('signIns.how'), cell: ({ how }) => t(`signIns.how_${how}`), minor: true },
    { key: 'device', header: t('account.device'), cell: ({ device }) => <bdi>{device}</bdi> },
    {
      key: 'origin',
      header: t('account.origin'),
      cell: ({ origin }) => (origin === 'local' ? t('account.local') : <bdi dir="ltr">{origin}</bdi>),
      minor: true,
    },
    {
      key: 'risk',
      header: t('signIns.risk'),
      cell: ({ risk, signs }) => (
        <Tooltip
          label={signs.map((sign) => `${t(`signIns.sign_${sign}`)}: ${format.number(SIGNS[sign])}`).join(', ')}
          disabled={signs.length === 0}
        >
          <span className="badge" data-state={stateOf(risk)}>
            {format.number(risk)}
          </span>
        </Tooltip>
      ),
      end: true,
    },
    {
      key: 'signs',
      header: t('signIns.signs'),
      cell: ({ signs }) => signs.map((sign) => t(`signIns.sign_${sign}`)).join(t('common.listComma')) || '–',
    },
  ];
  return (
    <DataTable
      label={label}
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      empty={t('common.nothingFound')}
      more={more}
      error={error}
    />
  );
}
