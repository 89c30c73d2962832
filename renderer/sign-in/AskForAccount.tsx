import { Alert, Button, Checkbox, Group, NativeSelect, Paper, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ASKABLE, type Role } from '../../domain/people.ts';
import { useCommand } from '../commands.ts';
import { useApi } from '../services.ts';
import { ChosenSignIn } from '../ui/ChosenSignIn.tsx';
import { errorText, showInForm } from '../ui/errors.tsx';

export type Branch = Readonly<{ id: string; name: string }>;
type Props = Readonly<{
  /** Where one may. */
  branches: readonly Branch[];
  back: () => void;
  done: (username: string) => void;
}>;

/** Somebody who works here and has no account asks for one: with a password that nobody else learns. */
export function AskForAccount({ branches, back, done }: Props) {
  const { t } = useTranslation();
  const api = useApi();
  const [problem, setProblem] = useState<string | null>(null);
  const needed = (value: string) => (value.trim() ? null : t('field.needed'));
  const form = useForm({
    initialValues: {
      branchId: branches.length > 1 ? '' : (branches[0]?.id ?? ''),
      name: '',
      username: '',
      password: '',
      again: '',
      email: '',
      roles: [] as Role[],
      note: '',
    },
    validate: {
      branchId: needed,
      name: needed,
      username: needed,
      password: needed,
      again: (value, { password }) => (value === password ? null : t('password.differ')),
      roles: (value) => (value.length > 0 ? null : t('users.roleNeeded')),
    },
  });
  const ask = useCommand(api.accountRequests.make, {
    per: 'form',
    onDone: () => done(form.values.username),
    onError: (error) => {
      if (!showInForm(form, error, { weak_password: 'password' })) setProblem(errorText(error));
      return true;
    },
  });
  return (
    <Paper withBorder p="lg">
      <form
        noValidate
        onSubmit={form.onSubmit(({ again: _again, email, note, ...given }) => {
          setProblem(null);
          void ask.run({ ...given, email: email.trim() || null, note: note.trim() || null });
        })}
      >
        <Stack>
          <Text fw={600}>{t('request.title')}</Text>
          <Text size="sm">{t('request.text')}</Text>
          <div aria-live="assertive">{problem && <Alert color="red">{problem}</Alert>}</div>
          <TextInput
            label={t('users.name')}
            autoComplete="name"
            maxLength={120}
            autoFocus
            {...form.getInputProps('name')}
          />
          <ChosenSignIn label={t('users.username')} props={form.getInputProps} />
          <TextInput
            label={t('users.email')}
            type="email"
            autoComplete="email"
            maxLength={200}
            dir="ltr"
            {...form.getInputProps('email')}
          />
          {branches.length > 1 && (
            <NativeSelect
              label={t('request.branch')}
              data={[{ value: '', label: '' }, ...branches.map(({ id, name }) => ({ value: id, label: name }))]}
              {...form.getInputProps('branchId')}
            />
          )}
          <Checkbox.Group label={t('request.as')} {...form.getInputProps('roles')}>
            <Group mt={4}>
              {ASKABLE.map((role) => (
                <Checkbox key={role} value={role} label={t(`role.${role}`)} />
              ))}
            </Group>
          </Checkbox.Group>
          <Textarea label={t('request.note')} maxLength={300} autosize minRows={2} {...form.getInputProps('note')} />
          <Group justify="space-between">
            <Button variant="default" onClick={back}>
              {t('common.back')}
            </Button>
            <Button type="submit" loading={ask.busy}>
              {t('request.send')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
