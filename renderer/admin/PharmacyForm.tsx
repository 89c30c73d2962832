import { Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../commands.ts';
import type { PharmacyRow } from '../queries.ts';
import { useApi } from '../services.ts';
import { FormDialog } from '../ui/Dialog.tsx';
import { showDone, showInForm } from '../ui/errors.tsx';

const orNull = (value: string): string | null => value.trim() || null;

/** A pharmacy as it is typed: a new one, or one that is there. */
export function PharmacyForm({ of, close }: { of: PharmacyRow | null; close: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const client = useQueryClient();
  const needed = (value: string) => (value.trim() ? null : t('field.needed'));
  const form = useForm({
    initialValues: {
      ...{ name: of?.name ?? '', licence: of?.licence ?? '' },
      ...{ email: of?.email ?? '', phone: of?.phone ?? '', address: of?.address ?? '' },
    },
    validate: { name: needed, licence: needed },
  });
  const told = {
    per: 'form',
    onDone: () => {
      void client.invalidateQueries({ queryKey: ['pharmacies'] });
      showDone(t('common.saved'));
      close();
    },
    onError: (error: unknown) => showInForm(form, error, { licence_taken: 'licence' }),
  } as const;
  const create = useCommand(api.pharmacies.create, told);
  const update = useCommand(api.pharmacies.update, told);
  const submit = form.onSubmit(({ email, phone, address, ...names }) => {
    const given = { ...names, email: orNull(email), phone: orNull(phone), address: orNull(address) };
    void (of ? update.run({ id: of.id, expectedVersion: of.version, ...given }) : create.run(given));
  });
  return (
    <FormDialog
      title={t(of ? 'pharmacies.edit' : 'pharmacies.new')}
      action={t('common.save')}
      close={close}
      busy={create.busy || update.busy}
      submit={() => submit()}
    >
      <TextInput label={t('users.name')} maxLength={200} data-autofocus {...form.getInputProps('name')} />
      <TextInput label={t('pharmacies.licence')} maxLength={50} dir="ltr" {...form.getInputProps('licence')} />
      <TextInput label={t('users.phone')} type="tel" dir="ltr" maxLength={40} {...form.getInputProps('phone')} />
      <TextInput label={t('users.email')} type="email" dir="ltr" maxLength={200} {...form.getInputProps('email')} />
      <Textarea label={t('patient.address')} maxLength={300} autosize minRows={2} {...form.getInputProps('address')} />
    </FormDialog>
  );
}
