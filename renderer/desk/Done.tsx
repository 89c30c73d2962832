import { IconCheck, IconClock, IconEyeCheck, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeskItem } from '../../contract/desktop.ts';
import { useFormat } from '../format.ts';
import { Token } from '../ui/badges.tsx';
import { type Column, DataTable } from '../ui/DataTable.tsx';
import { Panel } from '../ui/Page.tsx';
import { useDidWords } from '../visit/did.ts';

const ICONS = { waiting: IconClock, confirmed: IconCheck, refused: IconX, aside: IconEyeCheck } as const;
/** So many are shown at first, and at each asking for more. */
const STEP = 25;

/** Everything that was done at this desk, the latest first, and whether the server has it. */
export function Done({ items }: { items: readonly DeskItem[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const didWords = useDidWords();
  const [shown, setShown] = useState(STEP);
  const columns: Column<DeskItem>[] = [
    { key: 'at', header: t('work.at'), cell: ({ madeAt }) => <span className="nowrap">{format.moment(madeAt)}</span> },
    { key: 'what', header: t('work.what'), cell: ({ operation }) => didWords(operation) },
    { key: 'label', header: t('work.label'), cell: ({ label }) => (label ? <Token of={label} /> : '–') },
    { key: 'by', header: t('work.by'), cell: ({ by }) => <bdi>{by}</bdi> },
    { key: 'state', header: t('work.state'), cell: ({ state }) => <ItemState state={state} /> },
  ];
  return (
    <Panel title={t('work.here')}>
      <DataTable
        label={t('work.here')}
        columns={columns}
        rows={items.slice(0, shown)}
        rowKey={({ n }) => String(n)}
        empty={t('work.none')}
        more={shown < items.length ? { load: () => setShown(shown + STEP), busy: false } : undefined}
      />
    </Panel>
  );
}

function ItemState({ state }: { state: DeskItem['state'] }) {
  const { t } = useTranslation();
  const Shape = ICONS[state];
  return (
    <span className="badge" data-item={state}>
      <Shape size={14} aria-hidden />
      {t(`work.stateOf.${state}`)}
    </span>
  );
}
