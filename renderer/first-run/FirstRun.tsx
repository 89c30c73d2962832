import { Group, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { IconDoorEnter, IconHome2, IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { setLanguageAtDoor } from '../i18n.ts';
import iconUrl from '../icon.svg';
import { LanguagePicker } from '../ui/LanguagePicker.tsx';
import { Demo } from './Demo.tsx';
import { Host } from './Host.tsx';
import { Join } from './Join.tsx';

/** What each of the three ways is given. `back` leads out of it, as long as nothing is done that cannot be repeated. */
export type WayProps = Readonly<{ state: SetupState; back: () => void }>;
export type SetupState = Readonly<{ here: boolean; defaultTimeZone: string }>;
const CHOICES = [
  { key: 'host', icon: IconHome2, screen: Host, onlyHere: true },
  { key: 'join', icon: IconDoorEnter, screen: Join, onlyHere: false },
  { key: 'demo', icon: IconPlayerPlay, screen: Demo, onlyHere: true },
] as const;

/** The first minute: three choices in plain words. */
export function FirstRun({ state }: { state: SetupState }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<(typeof CHOICES)[number] | null>(null);
  const Screen = chosen?.screen;
  return (
    <div className="center-page">
      <main>
        <Stack maw={chosen ? '34rem' : '60rem'} mx="auto" gap="lg">
          <Group justify="space-between">
            <Group gap="sm">
              <img src={iconUrl} alt="" width={40} height={40} />
              <Title order={1}>{chosen ? t(`firstRun.${chosen.key}`) : t('firstRun.title')}</Title>
            </Group>
            <LanguagePicker choose={setLanguageAtDoor} />
          </Group>
          {chosen && Screen ? (
            <Screen state={state} back={() => setChosen(null)} />
          ) : (
            <>
              <Text c="dimmed">{t('firstRun.text')}</Text>
              <div className="big-choices">
                {CHOICES.map((choice) => (
                  <UnstyledButton
                    key={choice.key}
                    className="big-choice"
                    disabled={choice.onlyHere && !state.here}
                    onClick={() => setChosen(choice)}
                  >
                    <choice.icon size={32} aria-hidden />
                    <Text component="span" fw={650} size="lg">
                      {t(`firstRun.${choice.key}`)}
                    </Text>
                    <Text component="span" c="dimmed" size="sm">
                      {t(choice.onlyHere && !state.here ? 'firstRun.onlyHere' : `firstRun.${choice.key}Text`)}
                    </Text>
                  </UnstyledButton>
                ))}
              </div>
            </>
          )}
        </Stack>
      </main>
    </div>
  );
}
