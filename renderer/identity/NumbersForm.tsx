import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { type DocumentKind, fieldsOf } from '../../domain/identity-documents.ts';
import { useCommand } from '../commands.ts';
import type { Whose } from '../queries.ts';
import { useApi } from '../services.ts';
import { FormDialog } from '../ui/Dialog.tsx';
import { showDone, showInForm } from '../ui/errors.tsx';

type Props = Readonly<{ whose: Whose; kind: DocumentKind; close: () => void; done: () => void }>;

/** The numbers that stand on a document; what is kept of before is not shown again. */
export function NumbersForm({ whose, kind, close, done }: Props) {
  const { t } = useTranslation();
  const api = useApi();
  const fields = fieldsOf(kind);
  const twice = fields.find((field) => field.twice);
  const names = [...fields.map(({ name }) => name), ...(twice ? ['again' as const] : [])];
  const form = useForm<Partial<Record<(typeof names)[number], string>>>({
    initialValues: Object.fromEntries(names.map((name) => [name, ''])),
    validate: Object.fromEntries(
      names.map((name) => [name, (value: string) => (value.trim() ? null : t('field.needed'))]),
    ),
  });
  const save = useCommand(api.identity.save, {
    onDone: () => {
      showDone(t('common.saved'));
      done();
    },
    onError: (error) => showInForm(form, error),
  });
  const send = form.onSubmit(
    ({ again, ...typed }) =>
      void save.run({ ...whose, kind, fields: typed, again: twice ? { [twice.name]: again } : {} }),
  );
  const common = { autoComplete: 'off', spellCheck: false, maxLength: 60, dir: 'ltr' } as const;
  return (
    <FormDialog
      title={t(`identity.kind.${kind}`)}
      action={t('common.save')}
      close={close}
      busy={save.busy}
      submit={send}
    >
      {fields.map(({ name, twice: typedTwice }, index) => [
        <TextInput
          key={name}
          label={t(`identity.field.${name}`)}
          data-autofocus={index === 0 || undefined}
          {...common}
          {...form.getInputProps(name)}
        />,
        typedTwice && (
          <TextInput
            key="again"
            label={t('identity.again', { field: t(`identity.field.${name}`) })}
            {...common}
            {...form.getInputProps('again')}
            onPaste={(event) => event.preventDefault()}
          />
        ),
      ])}
    </FormDialog>
  );
}
