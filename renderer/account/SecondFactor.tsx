import { Alert, Button, Group, Loader, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../commands.ts';
import { useFormat } from '../format.ts';
import { ownFactor } from '../queries.ts';
import { useApi } from '../services.ts';
import { showDone } from '../ui/errors.tsx';
import { Panel } from '../ui/Page.tsx';
import { MailCodes } from './MailCodes.tsx';
import { NewApp } from './NewApp.tsx';
import { RecoveryCodes } from './RecoveryCodes.tsx';
import { SecurityKeys } from './SecurityKeys.tsx';

/** So few recovery codes left are worth a word. */
const FEW = 3;

/** One's authenticator app, codes by mail, and the codes on paper that stand in for both. */
export function SecondFactor() {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const client = useQueryClient();
  const factor = useQuery(ownFactor(api)).data;
  const [app, setApp] = useState<{ uri: string; secret: string } | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const look = () => void client.invalidateQueries({ queryKey: ['factor'] });
  const begin = useCommand(api.secondFactor.begin, { onDone: setApp });
  const make = useCommand(api.secondFactor.recoveryCodes, { onDone: (made) => setCodes(made.codes) });
  const remove = useCommand(api.secondFactor.remove, {
    onDone: () => {
      showDone(t('factor.removed'));
      look();
    },
  });
  const keyed = factor !== undefined && factor.keys.length > 0;
  const has = factor !== undefined && (factor.since !== null || keyed || factor.email?.codes === true);
  // Chosen, or because one's role needs a second factor and there is no app.
  const byMail = factor?.email?.codes || (factor?.needed && factor.email?.verifiedAt);
  return (
    <Panel title={t('factor.title')}>
      {factor ? (
        <Stack gap="sm">
          <Text>
            {factor.since
              ? t('factor.since', { when: format.moment(factor.since) })
              : t(keyed ? 'factor.byKey' : byMail ? 'factor.byMail' : 'factor.none')}
          </Text>
          {!has && !byMail && (
            <Text size="sm" c="dimmed">
              {t('factor.why')}
            </Text>
          )}
          {has && factor.recoveryLeft <= FEW && (
            <Alert
              color="yellow"
              title={
                factor.recoveryLeft === 0
                  ? t('factor.recoveryNone')
                  : t('factor.recoveryLeft', { count: factor.recoveryLeft })
              }
            >
              <Text size="sm" c="var(--mantine-color-text)">
                {t('factor.recoveryWhy')}
              </Text>
            </Alert>
          )}
          {has && factor.recoveryLeft > FEW && (
            <Text size="sm" c="dimmed">
              {t('factor.recoveryLeft', { count: factor.recoveryLeft })}
            </Text>
          )}
          <Group gap="xs">
            <Button
              size="xs"
              variant={has ? 'default' : 'filled'}
              loading={begin.busy}
              onClick={() => void begin.run({})}
            >
              {t(factor.since ? 'factor.replace' : has || byMail ? 'factor.beginApp' : 'factor.begin')}
            </Button>
            {has && (
              <Button size="xs" variant="default" loading={make.busy} onClick={() => void make.run({})}>
                {t('factor.newCodes')}
              </Button>
            )}
            {factor.since && !factor.needed && (
              <Button size="xs" variant="subtle" color="red" loading={remove.busy} onClick={() => void remove.run({})}>
                {t('factor.remove')}
              </Button>
            )}
          </Group>
          <SecurityKeys
            keys={factor.keys}
            changed={(added) => {
              look();
              if (added && !has) void make.run({});
            }}
          />
          {factor.email && (
            <MailCodes
              on={factor.email.codes}
              verified={factor.email.verifiedAt !== null}
              app={factor.since !== null || keyed}
              // Whoever has a second factor for the first time needs the codes on paper as well.
              chosen={() => has || void make.run({})}
            />
          )}
        </Stack>
      ) : (
        <Loader size="sm" aria-label={t('common.loading')} />
      )}
      {app && (
        <NewApp
          of={app}
          close={() => setApp(null)}
          done={() => {
            setApp(null);
            look();
            // Whoever has one for the first time needs the codes as well.
            if (!has) void make.run({});
          }}
        />
      )}
      {codes && (
        <RecoveryCodes
          codes={codes}
          close={() => {
            setCodes(null);
            look();
          }}
        />
      )}
    </Panel>
  );
}
