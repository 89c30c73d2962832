import { Button, Group, Stack, Text, UnstyledButton } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../contract/kit.ts';
import { devicePeople } from '../queries.ts';
import { useApi, useServices } from '../services.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { errorText } from '../ui/errors.tsx';
import { Password } from '../ui/Password.tsx';
import { PortraitOf } from '../ui/Portrait.tsx';

type Person = Readonly<{ id: string; name: string }>;

/** Somebody else takes over this desk: their name, their PIN, Enter. What the one before them saw is gone. */
export function SwitchPerson({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const { connection } = useServices();
  const navigate = useNavigate();
  /** Whoever signs in next begins at their own place. */
  const leave = () => void connection.signOut(true).then(() => navigate({ to: '/' }));
  return (
    <Dialog title={t('switch.title')} close={close}>
      <TakeOver back={close} withPassword={leave} />
    </Dialog>
  );
}

/** Who may go on here by PIN, and the way in for everybody else. */
export function TakeOver({ back, withPassword }: { back: () => void; withPassword: () => void }) {
  const { t } = useTranslation();
  const people = useQuery(devicePeople(useApi())).data?.people;
  const [chosen, setChosen] = useState<Person | null>(null);
  const only = people?.length === 1 ? (people[0] ?? null) : null;
  const person = chosen ?? only;
  return (
    <Stack>
      {people?.length === 0 && <Text>{t('switch.nobody')}</Text>}
      {!person && (
        <ul className="plain-list stack">
          {people?.map((one, index) => (
            <li key={one.id}>
              <UnstyledButton
                className="choice"
                data-autofocus={index === 0 || undefined}
                onClick={() => setChosen(one)}
              >
                <Group gap="sm" wrap="nowrap">
                  <PortraitOf userId={one.id} size={32} />
                  {one.name}
                </Group>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      )}
      {person && <PinForm key={person.id} person={person} back={only ? back : () => setChosen(null)} />}
      <Group justify="flex-end">
        {!person && (
          <Button variant="default" onClick={back}>
            {t('common.back')}
          </Button>
        )}
        <Button variant="subtle" onClick={withPassword}>
          {t('switch.withPassword')}
        </Button>
      </Group>
    </Stack>
  );
}

function PinForm({ person, back }: { person: Person; back: () => void }) {
  const { t } = useTranslation();
  const { connection } = useServices();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const form = useForm({ initialValues: { pin: '' }, validate: { pin: (pin) => (pin ? null : t('field.needed')) } });
  const enter = async ({ pin }: { pin: string }) => {
    setBusy(true);
    try {
      await connection.switchTo(person.id, pin);
      void navigate({ to: '/' });
    } catch (error) {
      const wrong = error instanceof ApiError && error.code === 'bad_credentials';
      form.setValues({ pin: '' });
      form.setFieldError('pin', wrong ? t('switch.wrongPin') : errorText(error));
      setBusy(false);
    }
  };
  return (
    <form onSubmit={form.onSubmit((values) => void enter(values))} noValidate>
      <Stack>
        <Password
          label={t('switch.pinOf', { name: person.name })}
          inputMode="numeric"
          autoComplete="off"
          maxLength={8}
          size="lg"
          data-autofocus
          autoFocus
          {...form.getInputProps('pin')}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={back}>
            {t('common.back')}
          </Button>
          <Button type="submit" loading={busy}>
            {t('switch.enter')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
