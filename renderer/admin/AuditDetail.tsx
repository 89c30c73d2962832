import { Stack, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format.ts';
import type { AuditEntry } from '../queries.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { Fact, Facts } from '../ui/Page.tsx';

type Change = Readonly<{ field: string; before: string; after: string }>;

const show = (value: unknown): string =>
  value === undefined || value === null ? '–' : typeof value === 'string' ? value : JSON.stringify(value);
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The changed fields, whichever of the two ways they are written: `{before, after}`, or `{field: [before, after]}`. */
function changesIn(text: string | null): Change[] {
  if (!text) return [];
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return [{ field: '', before: '–', after: text }];
  }
  if (!isRecord(parsed)) return [{ field: '', before: '–', after: show(parsed) }];
  const { before, after } = parsed;
  if (isRecord(before) || isRecord(after)) {
    const [old, now] = [isRecord(before) ? before : {}, isRecord(after) ? after : {}];
    return [...new Set([...Object.keys(old), ...Object.keys(now)])].map((field) => ({
      field,
      before: show(old[field]),
      after: show(now[field]),
    }));
  }
  return Object.entries(parsed).map(([field, value]) => {
    if (Array.isArray(value) && value.length === 2) return { field, before: show(value[0]), after: show(value[1]) };
    if (isRecord(value) && ('before' in value || 'after' in value))
      return { field, before: show(value.before), after: show(value.after) };
    return { field, before: '–', after: show(value) };
  });
}

export function AuditDetail({ entry, close }: { entry: AuditEntry; close: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const changes = changesIn(entry.changes);
  const facts = {
    actor: entry.actor,
    roles: entry.roles.join(', '),
    origin: entry.origin,
    action: entry.action,
    outcome: entry.outcome,
    resource: [entry.resource, entry.resourceId].filter(Boolean).join(' '),
    request: entry.requestId,
    hash: entry.hash,
  };
  return (
    <Dialog
      title={t('audit.entry', { seq: format.number(entry.seq), at: format.moment(entry.at) })}
      close={close}
      size="xl"
    >
      <Stack>
        <Facts>
          {Object.entries(facts).map(([name, value]) => (
            <Fact key={name} name={t(`audit.${name}`)}>
              <span className="mono">{value || '–'}</span>
            </Fact>
          ))}
        </Facts>
        {changes.length === 0 ? (
          <Text c="dimmed">{t('audit.noChanges')}</Text>
        ) : (
          <Table aria-label={t('audit.changes')}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t('audit.field')}</Table.Th>
                <Table.Th scope="col">{t('audit.before')}</Table.Th>
                <Table.Th scope="col">{t('audit.after')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {changes.map(({ field, before, after }) => (
                <Table.Tr key={field}>
                  <Table.Td className="mono">{field}</Table.Td>
                  <Table.Td className={before === '–' ? 'mono' : 'mono old'}>{before}</Table.Td>
                  <Table.Td className="mono new">{after}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Stack>
    </Dialog>
  );
}
