import { Alert, Button, Paper, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format.ts';
import { useServices } from '../services.ts';
import { Code } from '../ui/Code.tsx';
import { errorText } from '../ui/errors.tsx';

type Shown = Readonly<{ screenId: string; code: string; until: string }>;
const ASK_EVERY = 2000;

/** A TV or a tablet that nobody types at: it shows a code, and an administrator makes it a screen of the clinic. */
export function ScreenCode({ back }: { back: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { connection } = useServices();
  const [shown, setShown] = useState<Shown | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [round, setRound] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another round is another code
  useEffect(() => {
    let left = false;
    setProblem(null);
    connection.api.screens.show().then(
      (answer) => left || setShown(answer),
      (error: unknown) => left || setProblem(errorText(error)),
    );
    return () => {
      left = true;
    };
  }, [connection, round]);

  const waiting = useQuery({
    queryKey: ['screen', shown?.screenId],
    queryFn: () => connection.api.screens.waiting({ screenId: shown?.screenId ?? '' }),
    enabled: shown !== null,
    refetchInterval: ({ state }) => (state.data?.added || state.error ? false : ASK_EVERY),
    retry: false,
    gcTime: 0,
  });
  const added = waiting.data?.added;
  useEffect(() => {
    if (added && shown) connection.enterScreen(shown.screenId).catch((error: unknown) => setProblem(errorText(error)));
  }, [added, shown, connection]);

  const over = waiting.isError ? t('screens.over') : null;
  const again = () => {
    setShown(null);
    setRound((before) => before + 1);
  };
  return (
    <Paper withBorder p="lg">
      <Stack>
        {shown && !over && (
          <>
            <Code far label={t('screens.shown')} code={shown.code} />
            <Text ta="center" c="dimmed">
              {t('pairing.left', { time: format.time(shown.until) })}
            </Text>
          </>
        )}
        <div aria-live="assertive">{(problem ?? over) && <Alert color="yellow">{problem ?? over}</Alert>}</div>
        {(problem ?? over) && <Button onClick={again}>{t('pairing.again')}</Button>}
        <Button variant="subtle" onClick={back}>
          {t('common.back')}
        </Button>
      </Stack>
    </Paper>
  );
}
