import { Alert } from '@mantine/core';
import { useState } from 'react';
import { ApiError } from '../../contract/kit.ts';
import { errorText } from '../ui/errors.tsx';

/** Runs one thing after the other, and keeps what went wrong: beside the field when it is about what was typed there. */
export function useAttempt(aboutField: Readonly<Record<string, string | null>>) {
  const [problem, setProblem] = useState<string | null>(null);
  const [inField, setInField] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    setProblem(null);
    setInField(null);
    await work().catch((error: unknown) => {
      const code = error instanceof ApiError ? error.code : '';
      if (code in aboutField) setInField(aboutField[code] ?? errorText(error));
      else setProblem(errorText(error));
    });
    setBusy(false);
  };
  const told = <div aria-live="assertive">{problem && <Alert color="red">{problem}</Alert>}</div>;
  return { attempt, busy, told, inField };
}
