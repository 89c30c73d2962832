import { Alert, Button, Group, List, Code as Mono, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { STATION_PLACES, type StationPlace } from '../../domain/station.ts';
import { useCommand } from '../commands.ts';
import { useFormat } from '../format.ts';
import { pairingNow } from '../queries.ts';
import { useApi } from '../services.ts';
import { Code } from '../ui/Code.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { showInForm } from '../ui/errors.tsx';
import { Waiting } from '../ui/Waiting.tsx';

type Added = Readonly<{ answer: string; stationCode: string }>;

/** Adds a desk: a window of five minutes, the code that the desk shows, and the one that it must be given back. */
export function AddDesk({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const client = useQueryClient();
  const [added, setAdded] = useState<Added | null>(null);
  const pending = useQuery(pairingNow(api)).data;
  const refresh = () => void client.invalidateQueries({ queryKey: ['pairing'] });
  const open = useCommand(api.pairing.open, { onDone: refresh, onError: () => void refresh() as undefined });
  const cancel = useCommand(api.pairing.cancel);
  const begin = open.run;
  useEffect(() => {
    void begin({});
  }, [begin]);
  const leave = () => {
    if (!added) void cancel.run({});
    close();
  };
  return (
    <Dialog title={t('pairing.title')} close={leave} size="lg">
      {added ? (
        <Stack>
          <Code label={t('pairing.answer')} code={added.answer} />
          <Text>{t('pairing.answerHint', { code: added.stationCode })}</Text>
          <Actions>
            <Button onClick={close} data-autofocus>
              {t('common.close')}
            </Button>
          </Actions>
        </Stack>
      ) : pending && pending.until === null && !open.busy ? (
        <Stack>
          <Alert color="yellow">{t('pairing.closed')}</Alert>
          <Actions>
            <Button variant="default" onClick={close}>
              {t('common.close')}
            </Button>
            <Button onClick={() => void open.run({})} data-autofocus>
              {t('pairing.again')}
            </Button>
          </Actions>
        </Stack>
      ) : (
        <Window added={setAdded} leave={leave} />
      )}
    </Dialog>
  );
}

const Actions = ({ children }: { children: ReactNode }) => (
  <Group justify="flex-end" className="form-actions">
    {children}
  </Group>
);

type Props = Readonly<{ added: (answer: Added) => void; leave: () => void }>;

/** While a desk may be added: first how it gets here, then who asks. */
function Window({ added, leave }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const pending = useQuery(pairingNow(useApi())).data;
  const desk = pending?.desk?.ready ? pending.desk : null;
  const left = pending?.until && (
    <Text size="sm" c="dimmed">
      {t('pairing.left', { time: format.time(pending.until) })}
    </Text>
  );
  return (
    <Stack>
      {(pending?.strangers ?? 0) > 0 && <Alert color="red">{t('pairing.strangers')}</Alert>}
      {desk ? (
        <>
          <Text role="status">
            {desk.address === 'local' ? t('pairing.asksHere') : t('pairing.asks', { address: desk.address })}
          </Text>
          <Confirm key={desk.pairingId} pairingId={desk.pairingId} added={added} leave={leave} left={left} />
        </>
      ) : (
        <>
          <Text>{t('pairing.start')}</Text>
          <List>
            {pending?.addresses.map((address) => (
              <List.Item key={address}>
                <Mono dir="ltr" fz="md">
                  {address}
                </Mono>
              </List.Item>
            ))}
          </List>
          <Waiting>{t('pairing.waiting')}</Waiting>
          {left}
        </>
      )}
    </Stack>
  );
}

function Confirm({ pairingId, added, leave, left }: Props & { pairingId: string; left: ReactNode }) {
  const { t } = useTranslation();
  const api = useApi();
  const client = useQueryClient();
  const form = useForm({
    initialValues: { code: '', name: '', place: 'reception' as StationPlace },
    validate: {
      code: (value) => (value.replace(/\D/g, '').length === 6 ? null : t('pairing.digits')),
      name: (value) => (value.trim() ? null : t('field.needed')),
    },
  });
  const confirm = useCommand(api.pairing.confirm, {
    onDone: (answer) => {
      void client.invalidateQueries({ queryKey: ['devices'] });
      added(answer);
    },
    onError: (error) => {
      void client.invalidateQueries({ queryKey: ['pairing'] });
      return showInForm(form, error, { wrong_code: 'code' });
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => void confirm.run({ ...values, pairingId }))} noValidate>
      <Stack>
        <TextInput
          label={t('pairing.code')}
          description={t('pairing.digits')}
          inputMode="numeric"
          autoComplete="off"
          autoFocus
          dir="ltr"
          maxLength={20}
          {...form.getInputProps('code')}
        />
        <TextInput
          label={t('pairing.name')}
          description={t('pairing.nameHint')}
          maxLength={60}
          {...form.getInputProps('name')}
        />
        <NativeSelect
          label={t('devices.place')}
          data={STATION_PLACES.map((place) => ({ value: place, label: t(`deskPlace.${place}`) }))}
          {...form.getInputProps('place')}
        />
        {left}
        <Actions>
          <Button variant="default" onClick={leave}>
            {t('common.back')}
          </Button>
          <Button type="submit" loading={confirm.busy}>
            {t('pairing.add')}
          </Button>
        </Actions>
      </Stack>
    </form>
  );
}
