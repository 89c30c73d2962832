import {
  Button,
  Group,
  Loader,
  NativeSelect,
  NumberInput,
  SimpleGrid,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MAIL_SECURITY, type MailSecurity } from '../../contract/mail.ts';
import { useCommand } from '../commands.ts';
import { mailServer } from '../queries.ts';
import { useApi } from '../services.ts';
import { showDone, showInForm } from '../ui/errors.tsx';
import { Panel } from '../ui/Page.tsx';
import { Password } from '../ui/Password.tsx';
import { TestMail } from './TestMail.tsx';

/** The clinic's mail server: without one nothing about mail is shown anywhere. */
export function MailServer() {
  const { t } = useTranslation();
  const api = useApi();
  const answer = useQuery(mailServer(api)).data;
  return (
    <Panel title={t('mail.title')}>
      <Text size="sm" mb="sm">
        {t('mail.text')}
      </Text>
      {answer ? (
        <Form key={JSON.stringify(answer.server)} server={answer.server} />
      ) : (
        <Loader size="sm" aria-label={t('common.loading')} />
      )}
    </Panel>
  );
}

type Server = Awaited<ReturnType<ReturnType<typeof useApi>['mail']['get']>>['server'];
const NEW = { host: '', port: 587, security: 'starttls' as MailSecurity, username: '', from: '', ca: '' };

function Form({ server }: { server: Server }) {
  const { t } = useTranslation();
  const api = useApi();
  const client = useQueryClient();
  const [testing, setTesting] = useState(false);
  const needed = (value: string) => (value.trim() ? null : t('field.needed'));
  const form = useForm({
    initialValues: {
      ...NEW,
      ...server,
      username: server?.username ?? '',
      ca: server?.ca ?? '',
      password: '',
    },
    validate: { host: needed, from: needed },
  });
  const look = (message: string) => {
    showDone(message);
    for (const name of ['mail', 'factor', 'setup']) void client.invalidateQueries({ queryKey: [name] });
  };
  const save = useCommand(api.mail.set, {
    per: 'form',
    onDone: () => look(t('common.saved')),
    onError: (error) => showInForm(form, error),
  });
  const remove = useCommand(api.mail.remove, { onDone: () => look(t('mail.removed')) });
  const submit = form.onSubmit(({ host, port, security, from, username, ca, password }) => {
    const way = { host, port, security, from, username: username.trim() || null, ca: ca.trim() || null };
    void save.run({ ...way, ...(password ? { password } : {}) });
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <SimpleGrid cols={{ base: 1, lg: 2 }}>
          <Stack maw="34rem">
            <Group grow align="flex-start">
              <TextInput label={t('mail.host')} maxLength={253} dir="ltr" {...form.getInputProps('host')} />
              <NumberInput label={t('mail.port')} min={1} max={65_535} {...form.getInputProps('port')} />
            </Group>
            <NativeSelect
              label={t('mail.security')}
              data={MAIL_SECURITY.map((value) => ({ value, label: t(`mail.security_${value}`) }))}
              {...form.getInputProps('security')}
            />
            <TextInput
              label={t('mail.from')}
              description={t('mail.fromHint')}
              maxLength={200}
              dir="ltr"
              type="email"
              {...form.getInputProps('from')}
            />
          </Stack>
          <Stack maw="34rem">
            <Group grow align="flex-start">
              <TextInput
                label={t('mail.username')}
                description={t('mail.usernameHint')}
                maxLength={200}
                dir="ltr"
                autoComplete="off"
                {...form.getInputProps('username')}
              />
              <Password
                label={t('mail.password')}
                description={t(server?.hasPassword ? 'mail.passwordKept' : 'mail.passwordHint')}
                autoComplete="new-password"
                {...form.getInputProps('password')}
              />
            </Group>
            <Textarea
              label={t('mail.ca')}
              description={t('mail.caHint')}
              dir="ltr"
              autosize
              minRows={2}
              maxRows={6}
              {...form.getInputProps('ca')}
            />
          </Stack>
        </SimpleGrid>
        <Group>
          <Button type="submit" loading={save.busy}>
            {t('common.save')}
          </Button>
          {server && (
            <>
              <Button variant="default" onClick={() => setTesting(true)}>
                {t('mail.test')}
              </Button>
              <Button variant="subtle" color="red" loading={remove.busy} onClick={() => void remove.run({})}>
                {t('mail.remove')}
              </Button>
            </>
          )}
        </Group>
      </Stack>
      {testing && <TestMail close={() => setTesting(false)} />}
    </form>
  );
}
