import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../commands.ts';
import { ownFactor } from '../queries.ts';
import { useApi } from '../services.ts';
import { showDone } from '../ui/errors.tsx';
import { VerifyEmail } from './VerifyEmail.tsx';

/** One's e-mail address, and whether what is sent to it arrives: said only where mail is sent at all. */
export function EmailAddress({ email }: { email: string }) {
  const { t } = useTranslation();
  const api = useApi();
  const client = useQueryClient();
  const mail = useQuery(ownFactor(api)).data?.email;
  const [sentTo, setSentTo] = useState<string | null>(null);
  const send = useCommand(api.ownEmail.sendCode, { onDone: ({ to }) => setSentTo(to) });
  return (
    <>
      <bdi>{email}</bdi>{' '}
      {mail?.verifiedAt && (
        <span className="badge" data-state="done">
          {t('email.verified')}
        </span>
      )}
      {mail && !mail.verifiedAt && (
        <Button size="compact-sm" variant="default" loading={send.busy} onClick={() => void send.run({})}>
          {t('email.verify')}
        </Button>
      )}
      {sentTo && (
        <VerifyEmail
          to={sentTo}
          close={() => setSentTo(null)}
          done={() => {
            setSentTo(null);
            showDone(t('email.done'));
            void client.invalidateQueries({ queryKey: ['factor'] });
          }}
        />
      )}
    </>
  );
}
