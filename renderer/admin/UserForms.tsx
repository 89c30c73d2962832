import { Button, Checkbox, Group, NativeSelect, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { type UseFormReturnType, useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { manages, PLATFORMS, type Platform, ROLES, type Role, SCREENS } from '../../domain/people.ts';
import { useCommand } from '../commands.ts';
import { useFormDraft } from '../form-drafts.ts';
import { useFormat } from '../format.ts';
import { boardList, type UserRow } from '../queries.ts';
import { useApi, useUser } from '../services.ts';
import { Dialog, FormDialog } from '../ui/Dialog.tsx';
import { showDone, showInForm } from '../ui/errors.tsx';
import { Password } from '../ui/Password.tsx';

type Kind = { name: string; roles: Role[]; boardId: string };

function useSettings<V>(form: UseFormReturnType<V>, close: () => void, fields: Record<string, string>) {
  const client = useQueryClient();
  const { t } = useTranslation();
  return {
    per: 'form' as const,
    onDone: () => {
      void client.invalidateQueries({ queryKey: ['users'] });
      showDone(t('common.saved'));
      close();
    },
    onError: (error: unknown) => showInForm(form, error, fields),
  };
}

/** Roles, and the board of a screen that has one. */
function RoleFields({ values, props }: { values: Kind; props: (field: 'roles' | 'boardId') => object }) {
  const { t } = useTranslation();
  const own = useUser();
  const boards = useQuery(boardList(useApi())).data?.items ?? [];
  return (
    <>
      <Checkbox.Group label={t('users.roles')} {...props('roles')}>
        <Group mt={4}>
          {ROLES.map((role) => (
            <Checkbox key={role} value={role} label={t(`role.${role}`)} disabled={!manages(own.roles, [role])} />
          ))}
        </Group>
      </Checkbox.Group>
      {SCREENS.some((role) => values.roles.includes(role)) && (
        <NativeSelect
          label={t('users.board')}
          data={[{ value: '', label: '–' }, ...boards.map(({ id, name }) => ({ value: id, label: name }))]}
          {...props('boardId')}
        />
      )}
    </>
  );
}

/** Where somebody is reached; they may sign in by either. */
function ReachFields({ props }: { props: (field: 'email' | 'phone') => object }) {
  const { t } = useTranslation();
  return (
    <>
      <TextInput
        label={t('users.email')}
        type="email"
        maxLength={200}
        autoComplete="off"
        dir="ltr"
        {...props('email')}
      />
      <TextInput label={t('users.phone')} type="tel" maxLength={40} autoComplete="off" dir="ltr" {...props('phone')} />
    </>
  );
}

/** By what somebody may sign in, and from which networks. */
function PlaceFields({ props }: { props: (field: 'platforms' | 'ranges') => object }) {
  const { t } = useTranslation();
  return (
    <>
      <Checkbox.Group label={t('users.platforms')} description={t('users.platformsHint')} {...props('platforms')}>
        <Group mt={4}>
          {PLATFORMS.map((one) => (
            <Checkbox key={one} value={one} label={t(`users.platform_${one}`)} />
          ))}
        </Group>
      </Checkbox.Group>
      <TagsInput
        label={t('users.ranges')}
        description={t('users.rangesHint')}
        splitChars={[',', ' ']}
        acceptValueOnBlur
        dir="ltr"
        {...props('ranges')}
      />
    </>
  );
}

/** Whoever chose the password is not whose it is. */
function GivenField({ props }: { props: (field: 'passwordGiven', as: { type: 'checkbox' }) => object }) {
  const { t } = useTranslation();
  return <Checkbox label={t('users.passwordGiven')} {...props('passwordGiven', { type: 'checkbox' })} />;
}

/** Fields that may be left empty. */
const orNull = ({ email, phone, boardId }: { email: string; phone: string; boardId: string }) => ({
  email: email.trim() || null,
  phone: phone.trim() || null,
  boardId: boardId || null,
});

export function NewUser({ close: leave }: { close: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const form = useForm({
    initialValues: {
      username: '',
      name: '',
      email: '',
      phone: '',
      password: '',
      roles: [] as Role[],
      boardId: '',
      passwordGiven: true,
    },
    validate: {
      username: (value) => (value.trim() ? null : t('field.needed')),
      name: (value) => (value.trim() ? null : t('field.needed')),
      password: (value) => (value ? null : t('field.needed')),
      roles: (value) => (value.length > 0 ? null : t('users.roleNeeded')),
    },
  });
  const close = useFormDraft('user', null, form, leave, 'password');
  const create = useCommand(
    api.users.create,
    useSettings(form, close, { name_taken: 'username', weak_password: 'password' }),
  );
  return (
    <FormDialog
      title={t('users.new')}
      action={t('common.save')}
      close={close}
      busy={create.busy}
      submit={() => form.onSubmit((values) => void create.run({ ...values, ...orNull(values) }))()}
    >
      <TextInput label={t('users.name')} maxLength={120} data-autofocus {...form.getInputProps('name')} />
      <TextInput
        label={t('users.username')}
        maxLength={60}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        dir="ltr"
        {...form.getInputProps('username')}
      />
      <Password
        label={t('signIn.password')}
        description={t('password.advice')}
        autoComplete="new-password"
        {...form.getInputProps('password')}
      />
      <GivenField props={form.getInputProps} />
      <ReachFields props={(field) => form.getInputProps(field)} />
      <RoleFields values={form.values} props={(field) => form.getInputProps(field)} />
    </FormDialog>
  );
}

export function UserForm({ user, close: leave }: { user: UserRow; close: () => void }) {
  const { t } = useTranslation();
  const own = useUser();
  const api = useApi();
  const form = useForm({
    initialValues: {
      name: user.name,
      email: user.email ?? '',
      phone: user.phone ?? '',
      roles: user.roles as Role[],
      boardId: user.boardId ?? '',
      platforms: user.platforms as Platform[],
      ranges: user.ranges as string[],
    },
    validate: {
      name: (value) => (value.trim() ? null : t('field.needed')),
      roles: (value) => (value.length > 0 ? null : t('users.roleNeeded')),
    },
  });
  const close = useFormDraft('user', user, form, leave);
  const update = useCommand(api.users.update, useSettings(form, close, { outranked: 'roles', name_taken: 'email' }));
  return (
    <FormDialog
      title={t('users.edit', { name: user.username })}
      action={t('common.save')}
      close={close}
      busy={update.busy}
      submit={() =>
        form.onSubmit(
          (values) => void update.run({ ...values, ...orNull(values), id: user.id, expectedVersion: user.version }),
        )()
      }
    >
      <TextInput label={t('users.name')} maxLength={120} data-autofocus {...form.getInputProps('name')} />
      <ReachFields props={(field) => form.getInputProps(field)} />
      {user.id !== own.id && (
        <>
          <RoleFields values={form.values} props={(field) => form.getInputProps(field)} />
          <PlaceFields props={(field) => form.getInputProps(field)} />
        </>
      )}
    </FormDialog>
  );
}

export function PasswordForm({ user, close }: { user: UserRow; close: () => void }) {
  const { t } = useTranslation();
  const own = useUser();
  const format = useFormat();
  const api = useApi();
  const [given, setGiven] = useState<{ code: string; until: string } | null>(null);
  const form = useForm({
    initialValues: { password: '', passwordGiven: true },
    validate: { password: (value) => (value ? null : t('field.needed')) },
  });
  const set = useCommand(api.users.setPassword, useSettings(form, close, { weak_password: 'password' }));
  const give = useCommand(api.users.resetCode, { onDone: setGiven });
  if (given)
    return (
      <Dialog title={t('users.passwordFor', { name: user.username })} close={close}>
        <Stack>
          <Text size="sm">{t('users.codeText', { name: user.name, time: format.time(given.until) })}</Text>
          <Text ta="center" dir="ltr" fz="xl" className="app-key">
            {given.code}
          </Text>
        </Stack>
      </Dialog>
    );
  return (
    <FormDialog
      title={t('users.passwordFor', { name: user.username })}
      action={t('users.setPassword')}
      close={close}
      busy={set.busy}
      submit={() => form.onSubmit((values) => void set.run({ id: user.id, ...values }))()}
    >
      <Text size="sm">{t('users.codeHint')}</Text>
      <Button variant="default" w="fit-content" loading={give.busy} onClick={() => void give.run({ id: user.id })}>
        {t('users.giveCode')}
      </Button>
      <Password
        label={t('password.next')}
        description={t('users.passwordHint')}
        autoComplete="new-password"
        data-autofocus
        {...form.getInputProps('password')}
      />
      {user.id !== own.id && <GivenField props={form.getInputProps} />}
    </FormDialog>
  );
}

/** For whoever has lost the telephone, and the codes on paper with it. */
export function ResetFactor({ user, close }: { user: UserRow; close: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const client = useQueryClient();
  const reset = useCommand(api.users.resetSecondFactor, {
    onDone: () => {
      void client.invalidateQueries({ queryKey: ['users'] });
      showDone(t('common.saved'));
      close();
    },
  });
  return (
    <FormDialog
      title={t('factor.resetFor', { name: user.name })}
      action={t('factor.reset')}
      danger
      close={close}
      busy={reset.busy}
      submit={() => void reset.run({ id: user.id })}
    >
      <Text size="sm">{t('factor.resetText')}</Text>
    </FormDialog>
  );
}
