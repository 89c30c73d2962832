import { Anchor, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { KeyOptions } from '../../contract/second-factor.ts';
import type { Medlane } from '../api.ts';
import { useCommand } from '../commands.ts';
import { useFormat } from '../format.ts';
import { useApi } from '../services.ts';
import { FormDialog } from '../ui/Dialog.tsx';
import { errorText, showDone } from '../ui/errors.tsx';
import { canAskKeys, makeKey, namedAddress } from '../ui/security-key.ts';

type Key = Awaited<ReturnType<Medlane['secondFactor']['get']>>['keys'][number];
type Props = Readonly<{
  keys: readonly Key[];
  /** There is one more, or one less. */
  changed: (added: boolean) => void;
}>;

/** One's security keys, and the locks of computers that take their place: added, looked at, taken away. */
export function SecurityKeys({ keys, changed }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const [asked, setAsked] = useState<KeyOptions | null>(null);
  const begin = useCommand(api.secondFactor.keyOptions, { onDone: setAsked });
  const remove = useCommand(api.secondFactor.removeKey, {
    onDone: () => {
      showDone(t('factor.keyRemoved'));
      changed(false);
    },
  });
  const here = canAskKeys(window);
  const named = namedAddress(window);
  if (keys.length === 0 && !here && !named) return null;
  return (
    <Stack gap="xs">
      <Text fw={600} size="sm">
        {t('factor.keys')}
      </Text>
      {keys.map(({ id, name, host, createdAt, lastUsedAt }) => (
        <Group key={id} justify="space-between" wrap="nowrap">
          <div>
            <Text size="sm">
              <bdi>{name}</bdi> · <bdi dir="ltr">{host}</bdi>
            </Text>
            <Text size="xs" c="dimmed">
              {lastUsedAt
                ? t('factor.keyUsed', { when: format.moment(lastUsedAt) })
                : t('factor.keyAdded', { when: format.moment(createdAt) })}
            </Text>
          </div>
          <Button
            size="xs"
            variant="subtle"
            color="red"
            aria-label={t('factor.removeKeyOf', { name })}
            onClick={() => void remove.run({ id })}
          >
            {t('factor.remove')}
          </Button>
        </Group>
      ))}
      {here && (
        <Button size="xs" variant="default" mr="auto" loading={begin.busy} onClick={() => void begin.run({})}>
          {t('factor.addKey')}
        </Button>
      )}
      {named && (
        <Text size="sm" c="dimmed">
          {t('factor.keyNeedsName')}{' '}
          <Anchor href={`${named}/#/account`} inherit underline="always" dir="ltr">
            {named}
          </Anchor>
        </Text>
      )}
      {asked && (
        <AddKey
          options={asked}
          close={() => setAsked(null)}
          done={() => {
            setAsked(null);
            showDone(t('factor.keySaved'));
            changed(true);
          }}
        />
      )}
    </Stack>
  );
}

/** A name first, so that whoever has two knows which one is lost; then the browser asks for the key. */
function AddKey({ options, close, done }: Readonly<{ options: KeyOptions; close: () => void; done: () => void }>) {
  const { t } = useTranslation();
  const api = useApi();
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const add = useCommand(api.secondFactor.addKey, {
    onDone: done,
    onError: (error) => {
      setProblem(errorText(error));
      return true;
    },
  });
  async function submit() {
    if (!name.trim()) return setProblem(t('field.needed'));
    const key = await makeKey(options);
    if (key) void add.run({ name, key });
    else setProblem(t('factor.keyUnshown'));
  }
  return (
    <FormDialog
      title={t('factor.addKey')}
      action={t('factor.useKey')}
      close={close}
      busy={add.busy}
      submit={() => void submit()}
    >
      <Text size="sm">{t('factor.addKeyText')}</Text>
      <TextInput
        label={t('factor.keyName')}
        description={t('factor.keyNameHint')}
        data-autofocus
        maxLength={60}
        value={name}
        error={problem}
        onChange={(event) => {
          setName(event.currentTarget.value);
          setProblem(null);
        }}
      />
    </FormDialog>
  );
}
