import { NativeSelect, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { STATION_PLACES, type StationPlace } from '../../domain/station.ts';
import { useCommand } from '../commands.ts';
import { type Device, userPages } from '../queries.ts';
import { useApi } from '../services.ts';
import { pagesOf } from '../ui/DataTable.tsx';
import { Dialog, FormDialog } from '../ui/Dialog.tsx';
import { showDone, showInForm } from '../ui/errors.tsx';

type Props = Readonly<{ close: () => void }>;

export function EditDevice({ device, close }: Props & { device: Device }) {
  const { t } = useTranslation();
  const api = useApi();
  const client = useQueryClient();
  const form = useForm({
    initialValues: { name: device.name, place: device.station?.place ?? ('reception' as StationPlace) },
    validate: { name: (value) => (value.trim() ? null : t('field.needed')) },
  });
  const rename = useCommand(api.devices.rename, {
    per: 'form',
    onDone: () => {
      void client.invalidateQueries({ queryKey: ['devices'] });
      close();
    },
    onError: (error) => showInForm(form, error),
  });
  const submit = form.onSubmit(
    ({ name, place }) => void rename.run({ id: device.id, name, ...(device.station ? { place } : {}) }),
  );
  return (
    <FormDialog
      title={t('devices.edit', { name: device.name })}
      action={t('common.save')}
      close={close}
      busy={rename.busy}
      submit={() => submit()}
    >
      <TextInput label={t('devices.name')} maxLength={60} data-autofocus {...form.getInputProps('name')} />
      {device.station && (
        <NativeSelect
          label={t('devices.place')}
          data={STATION_PLACES.map((place) => ({ value: place, label: t(`deskPlace.${place}`) }))}
          {...form.getInputProps('place')}
        />
      )}
    </FormDialog>
  );
}

/** Asks once more: what is cut off is somebody's work. */
export function RevokeDevice({ device, close }: Props & { device: Device }) {
  const { t } = useTranslation();
  const api = useApi();
  const client = useQueryClient();
  const revoke = useCommand(api.devices.revoke, {
    onDone: () => {
      void client.invalidateQueries({ queryKey: ['devices'] });
      close();
    },
  });
  return (
    <FormDialog
      title={t('devices.revokeTitle', { name: device.name })}
      action={t('devices.revoke')}
      danger
      close={close}
      busy={revoke.busy}
      submit={() => void revoke.run({ id: device.id })}
    >
      <Text>{t(device.station ? 'devices.revokeDesk' : 'devices.revokeOther')}</Text>
    </FormDialog>
  );
}

/** A TV or tablet that shows a code becomes a screen, signed in as an account that only displays. */
export function AddScreen({ close }: Props) {
  const { t } = useTranslation();
  const api = useApi();
  const client = useQueryClient();
  const users = pagesOf(useInfiniteQuery(userPages(api))).rows ?? [];
  const displays = users.filter(({ active, roles }) => active && roles.every((role) => role === 'display'));
  const form = useForm({
    initialValues: { code: '', name: '', userId: '' },
    validate: {
      code: (value) => (value.replace(/\D/g, '').length === 6 ? null : t('pairing.digits')),
      name: (value) => (value.trim() ? null : t('field.needed')),
    },
  });
  const add = useCommand(api.screens.add, {
    onDone: () => {
      void client.invalidateQueries({ queryKey: ['devices'] });
      showDone(t('screens.done'));
      close();
    },
    onError: (error) => showInForm(form, error, { wrong_code: 'code' }),
  });
  if (displays.length === 0)
    return (
      <Dialog title={t('screens.title')} close={close}>
        <Text>{t('screens.none')}</Text>
      </Dialog>
    );
  const submit = form.onSubmit(
    ({ userId, ...values }) => void add.run({ ...values, userId: userId || (displays[0]?.id ?? '') }),
  );
  return (
    <FormDialog
      title={t('screens.title')}
      action={t('screens.title')}
      close={close}
      busy={add.busy}
      submit={() => submit()}
    >
      <Text>{t('screens.text')}</Text>
      <TextInput
        label={t('screens.code')}
        description={t('pairing.digits')}
        inputMode="numeric"
        autoComplete="off"
        dir="ltr"
        maxLength={20}
        data-autofocus
        {...form.getInputProps('code')}
      />
      <TextInput label={t('screens.name')} maxLength={60} {...form.getInputProps('name')} />
      <NativeSelect
        label={t('screens.account')}
        data={displays.map(({ id, name }) => ({ value: id, label: name }))}
        {...form.getInputProps('userId')}
      />
    </FormDialog>
  );
}
