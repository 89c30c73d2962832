import { Alert, Button, List, Paper, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useServices } from '../services.ts';
import { Back } from './Back.tsx';
import { useEntrance } from './entrance.ts';
import type { WayProps } from './FirstRun.tsx';
import { JoinDesk } from './JoinDesk.tsx';

/** The server's address as a person types it, made whole; null when it is not one. */
function addressOf(typed: string): string | null {
  const text = typed.trim();
  const whole = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  return text && URL.canParse(whole) ? whole : null;
}

/** The desktop becomes one of the clinic's desks; a browser opens that clinic's own pages. */
export function Join({ back }: WayProps) {
  const { bridge } = useServices().connection;
  const enter = useEntrance();
  return (
    <>
      {bridge ? <JoinDesk bridge={bridge} done={enter} /> : <OpenPages />}
      <Back back={back} />
    </>
  );
}

function OpenPages() {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState(false);
  const open = (event: FormEvent) => {
    event.preventDefault();
    const address = addressOf(typed);
    setWrong(!address);
    if (address) window.location.assign(address);
  };
  return (
    <Paper withBorder p="lg">
      <form onSubmit={open} noValidate>
        <Stack>
          <Text>{t('join.text')}</Text>
          <TextInput
            label={t('join.address')}
            description={t('join.addressHint')}
            placeholder="clinic.local:7443"
            dir="ltr"
            autoFocus
            autoCapitalize="none"
            spellCheck={false}
            value={typed}
            error={wrong && t('join.wrong')}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Button type="submit" size="md">
            {t('join.open')}
          </Button>
          <Alert color="lane" title={t('join.next')}>
            <List size="sm">
              {['trust', 'name', 'kind'].map((step) => (
                <List.Item key={step}>{t(`join.step.${step}`)}</List.Item>
              ))}
            </List>
          </Alert>
        </Stack>
      </form>
    </Paper>
  );
}
