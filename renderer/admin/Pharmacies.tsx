import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../commands.ts';
import { DocumentsDialog } from '../identity/DocumentsDialog.tsx';
import { type PharmacyRow, pharmacyList, settingsNow } from '../queries.ts';
import { mayAsk } from '../rights.ts';
import { useApi, useUser } from '../services.ts';
import { type Column, DataTable } from '../ui/DataTable.tsx';
import { Page, Panel } from '../ui/Page.tsx';
import { PharmacyForm } from './PharmacyForm.tsx';

type Open = Readonly<{ what: 'form' | 'documents'; of: PharmacyRow | null }>;

/** The pharmacies that the clinic works with, and whether their papers are in order. */
export function Pharmacies() {
  const { t } = useTranslation();
  const api = useApi();
  const user = useUser();
  const pharmacies = useQuery(pharmacyList(api));
  const asked = useQuery(settingsNow(api)).data?.pharmacyDocuments.length ?? 0;
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const update = useCommand(api.pharmacies.update);
  const mayHandIn = asked > 0 && mayAsk(user, 'identity.get');
  const columns: Column<PharmacyRow>[] = [
    { key: 'name', header: t('users.name'), cell: ({ name }) => name, sort: ({ name }) => name },
    { key: 'licence', header: t('pharmacies.licence'), cell: ({ licence }) => <bdi dir="ltr">{licence}</bdi> },
    {
      key: 'phone',
      header: t('users.phone'),
      cell: ({ phone }) => (phone ? <bdi dir="ltr">{phone}</bdi> : '–'),
      minor: true,
    },
    {
      key: 'verification',
      header: t('admin.tab.verification'),
      cell: ({ verification }) => t(`verification.status_${verification}`),
      minor: true,
    },
    {
      key: 'state',
      header: t('users.state'),
      cell: ({ active }) => t(active ? 'pharmacies.used' : 'pharmacies.unused'),
      sort: ({ active }) => (active ? 0 : 1),
    },
    {
      key: 'actions',
      header: t('common.actions'),
      end: true,
      cell: (row) => (
        <Group gap={4} justify="flex-end" wrap="nowrap">
          {mayHandIn && (
            <Button
              size="compact-sm"
              variant="default"
              aria-label={t('pharmacies.documentsOf', row)}
              onClick={() => setOpen({ what: 'documents', of: row })}
            >
              {t('pharmacies.documents')}
            </Button>
          )}
          <Button
            size="compact-sm"
            variant="default"
            aria-label={t('pharmacies.editOf', row)}
            onClick={() => setOpen({ what: 'form', of: row })}
          >
            {t('common.edit')}
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            aria-label={t(row.active ? 'pharmacies.stopOf' : 'pharmacies.againOf', row)}
            onClick={() => void update.run({ id: row.id, active: !row.active })}
          >
            {t(row.active ? 'pharmacies.stop' : 'pharmacies.again')}
          </Button>
        </Group>
      ),
    },
  ];
  return (
    <Page
      title={t('admin.tab.pharmacies')}
      actions={
        <Button size="xs" onClick={() => setOpen({ what: 'form', of: null })}>
          {t('pharmacies.new')}
        </Button>
      }
    >
      <Panel>
        <DataTable
          label={t('admin.tab.pharmacies')}
          columns={columns}
          rows={pharmacies.data?.items}
          rowKey={({ id }) => id}
          empty={t('pharmacies.none')}
          error={pharmacies.isError}
        />
      </Panel>
      {open?.what === 'form' && <PharmacyForm of={open.of} close={close} />}
      {open?.what === 'documents' && open.of && (
        <DocumentsDialog
          whose={{ subject: 'pharmacy', subjectId: open.of.id }}
          name={open.of.name}
          text={t('pharmacies.documentsText')}
          close={close}
        />
      )}
    </Page>
  );
}
