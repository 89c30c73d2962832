import { Button, Center, Group, Loader, Table, Text, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format.ts';

export type Column<R> = Readonly<{
  key: string;
  header: string;
  cell: (row: R) => ReactNode;
  /** Makes the column sortable by this value. */
  sort?: (row: R) => string | number;
  end?: boolean;
  /** Left out when the window is narrow. */
  minor?: boolean;
}>;

type Props<R> = Readonly<{
  label: string;
  columns: readonly Column<R>[];
  rows: readonly R[] | undefined;
  rowKey: (row: R) => string;
  empty: ReactNode;
  selected?: string;
  /** There is more on the server. */
  more?: { load: () => void; busy: boolean } | undefined;
  error?: boolean;
}>;

/** The one table: a caption for screen readers, sortable heads, a word when it is empty, "load more" at its end. */
export function DataTable<R>({ label, columns, rows, rowKey, empty, selected, more, error }: Props<R>) {
  const { t } = useTranslation();
  const { compare } = useFormat();
  const [order, setOrder] = useState<{ key: string; down: boolean } | null>(null);
  const sorted = useMemo(() => {
    const by = columns.find(({ key }) => key === order?.key)?.sort;
    if (!rows || !by) return rows;
    const way = order?.down ? -1 : 1;
    return [...rows].sort((a, b) => way * compare(String(by(a)), String(by(b))));
  }, [rows, columns, order, compare]);

  if (!sorted)
    return (
      <Center p="xl">
        {error ? (
          <Text role="alert">{t('common.notLoaded')}</Text>
        ) : (
          <Loader size="sm" aria-label={t('common.loading')} />
        )}
      </Center>
    );
  const turn = (key: string) =>
    setOrder((before) => (before?.key === key && before.down ? null : { key, down: before?.key === key }));
  return (
    <Table.ScrollContainer
      minWidth={0}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': label } }}
    >
      <Table highlightOnHover verticalSpacing="xs" className="data-table">
        <Table.Caption className="visually-hidden">{label}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            {columns.map(({ key, header, sort, end, minor }) => {
              const direction = order?.key === key ? (order.down ? 'descending' : 'ascending') : 'none';
              return (
                <Table.Th
                  key={key}
                  scope="col"
                  ta={end ? 'end' : 'start'}
                  className={end ? 'figures-head' : undefined}
                  visibleFrom={minor ? 'md' : undefined}
                  aria-sort={sort ? direction : undefined}
                >
                  {sort ? (
                    <UnstyledButton onClick={() => turn(key)} className="sort">
                      {header}
                      {direction === 'descending' && <IconChevronDown size={14} aria-hidden />}
                      {direction === 'ascending' && <IconChevronUp size={14} aria-hidden />}
                    </UnstyledButton>
                  ) : (
                    header
                  )}
                </Table.Th>
              );
            })}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sorted.map((row) => (
            <Table.Tr key={rowKey(row)} data-selected={selected === rowKey(row) || undefined}>
              {columns.map(({ key, cell, end, minor }) => (
                <Table.Td
                  key={key}
                  ta={end ? 'end' : 'start'}
                  className={end ? 'figures-cell' : undefined}
                  visibleFrom={minor ? 'md' : undefined}
                >
                  {cell(row)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {sorted.length === 0 && (
        <Text c="dimmed" ta="center" p="lg">
          {empty}
        </Text>
      )}
      {more && (
        <Group justify="center" p="sm">
          <Button variant="default" size="xs" onClick={more.load} loading={more.busy}>
            {t('common.loadMore')}
          </Button>
        </Group>
      )}
    </Table.ScrollContainer>
  );
}

/** The rows of an infinite answer, and what its table needs to go on. */
export const pagesOf = <R,>(query: {
  data?: { pages: readonly { items: readonly R[] }[] } | undefined;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isError: boolean;
  fetchNextPage: () => unknown;
}) => ({
  rows: query.data?.pages.flatMap(({ items }) => items),
  error: query.isError,
  more: query.hasNextPage ? { load: () => void query.fetchNextPage(), busy: query.isFetchingNextPage } : undefined,
});
