import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format.ts';
import { type Device, deviceList } from '../queries.ts';
import { useApi } from '../services.ts';
import { type Column, DataTable } from '../ui/DataTable.tsx';
import { Page, Panel } from '../ui/Page.tsx';
import { AddDesk } from './AddDesk.tsx';
import { AddScreen, EditDevice, RevokeDevice } from './DeviceForms.tsx';
import { Edit } from './Queues.tsx';

type Open = { what: 'desk' | 'screen' } | { what: 'edit' | 'revoke'; device: Device } | null;

/** What is connected to the clinic: its desks, and the browsers and programs at which somebody signed in. */
export function Devices() {
  const { t } = useTranslation();
  const format = useFormat();
  const devices = useQuery(deviceList(useApi()));
  const [open, setOpen] = useState<Open>(null);
  const all = devices.data?.devices;
  const close = () => setOpen(null);

  const name: Column<Device> = {
    key: 'name',
    header: t('devices.name'),
    cell: (device) => (
      <>
        <bdi>{device.name}</bdi>{' '}
        {device.revokedAt && (
          <span className="badge" data-state="cancelled">
            {t('devices.revoked')}
          </span>
        )}
      </>
    ),
    sort: (device) => device.name,
  };
  const common: Column<Device>[] = [
    { key: 'people', header: t('devices.people'), cell: ({ people }) => people.join(t('common.listComma')) || '–' },
    {
      key: 'seen',
      header: t('devices.lastSeen'),
      cell: ({ lastSeenAt }) => format.moment(lastSeenAt),
      sort: ({ lastSeenAt }) => lastSeenAt,
    },
  ];
  const actions: Column<Device> = {
    key: 'actions',
    header: t('common.actions'),
    end: true,
    cell: (device) =>
      device.revokedAt === null && (
        <Group gap={6} justify="flex-end" wrap="nowrap">
          <Edit name={device.name} edit={() => setOpen({ what: 'edit', device })} />
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`${t('devices.revoke')} ${device.name}`}
            onClick={() => setOpen({ what: 'revoke', device })}
          >
            {t('devices.revoke')}
          </Button>
        </Group>
      ),
  };
  const ofStation = (key: string, header: string, cell: (of: NonNullable<Device['station']>) => string) => ({
    ...{ key, header, minor: true },
    cell: ({ station }: Device) => (station ? cell(station) : '–'),
  });
  const desks: Column<Device>[] = [
    name,
    { ...ofStation('code', t('devices.code'), ({ code }) => code), minor: false },
    { ...ofStation('place', t('devices.place'), ({ place }) => t(`deskPlace.${place}`)), minor: false },
    ...common,
    { ...ofStation('unsent', t('devices.unsent'), ({ unsent }) => format.number(unsent)), minor: false, end: true },
    ofStation('version', t('devices.version'), ({ appVersion }) => appVersion),
    ofStation('until', t('devices.until'), ({ certificateUntil }) => format.day(certificateUntil.slice(0, 10))),
    actions,
  ];
  const isDesk = ({ station }: Device) => station !== null;
  const table = (
    label: string,
    columns: readonly Column<Device>[],
    rows: readonly Device[] | undefined,
    empty: string,
  ) => (
    <DataTable
      label={label}
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      empty={empty}
      error={devices.isError}
    />
  );
  return (
    <Page
      title={t('admin.tab.devices')}
      actions={
        <>
          <Button size="xs" variant="default" onClick={() => setOpen({ what: 'screen' })}>
            {t('screens.title')}
          </Button>
          <Button size="xs" onClick={() => setOpen({ what: 'desk' })}>
            {t('pairing.title')}
          </Button>
        </>
      }
    >
      <Panel title={t('devices.desks')}>
        {table(t('devices.desks'), desks, all?.filter(isDesk), t('devices.desksNone'))}
      </Panel>
      <Panel title={t('devices.others')}>
        {table(
          t('devices.others'),
          [name, ...common, actions],
          all?.filter((device) => !isDesk(device) && device.revokedAt === null),
          t('devices.othersNone'),
        )}
      </Panel>
      {open?.what === 'desk' && <AddDesk close={close} />}
      {open?.what === 'screen' && <AddScreen close={close} />}
      {open?.what === 'edit' && <EditDevice device={open.device} close={close} />}
      {open?.what === 'revoke' && <RevokeDevice device={open.device} close={close} />}
    </Page>
  );
}
