import type { UseFormReturnType } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import i18next from 'i18next';
import { ERRORS, type ErrorCode } from '../../contract/errors.ts';
import { ApiError } from '../../contract/kit.ts';
import { createFormat, localeOf } from '../format.ts';

/** Facts that are codes in the contract and words for a person. */
const WORDS: Readonly<Record<string, string>> = {
  state: 'state',
  command: 'command',
  lastCommand: 'command',
  allowed: 'state',
  standing: 'identity.state',
  possible: 'identity.state',
  step: 'verification.step',
  missing: 'identity.kind',
};

function factsInWords(facts: ApiError['facts']): Record<string, string> {
  const word = (group: string, code: string) => i18next.t(`${group}.${code}`, { defaultValue: code });
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => {
      const text = String(value ?? '');
      const group = WORDS[name];
      return [
        name,
        group
          ? text
              .split(/,\s*/)
              .map((code) => word(group, code))
              .join(i18next.t('common.listComma'))
          : text,
      ];
    }),
  );
}

/** A refusal's problem is a code, with words of its own for each refusal. */
const problemInWords = ({ code, facts }: ApiError): string =>
  i18next.t(`problem.${code}.${facts['problem']}`, { ...facts, defaultValue: String(facts['problem'] ?? '') });

/** Some refusals end by themselves, and say when. */
const withUntil = ({ code, facts }: ApiError): string => (facts['until'] ? `${code}Until` : code);

const untilOf = ({ facts: { until } }: ApiError) => (until ? { until: format().moment(String(until)) } : {});
const format = () => createFormat(localeOf(i18next.language), (key, facts) => i18next.t(key, facts ?? {}));

/** What to tell a person about an error: by its code in their language, else the server's own words. */
export function errorText(error: unknown): string {
  if (!(error instanceof ApiError)) return i18next.t('errors.unexpected');
  // A form on an old record, rather than a visit that moved on.
  const key = error.code === 'stale' && error.facts.state === 'changed' ? 'staleRecord' : withUntil(error);
  const facts = { ...factsInWords(error.facts), problem: problemInWords(error), ...untilOf(error) };
  return i18next.t(`errors.${key}`, { ...facts, defaultValue: error.message });
}

type Refusal = Readonly<{ code: string; facts: Readonly<Record<string, string | number | null>> }>;

/** The same for a refusal that was kept, maybe by a program of another version. */
export function refusalText({ code, facts }: Refusal): string {
  if (!(code in ERRORS)) return i18next.t('work.refusedAs', { code });
  // A desk says this of what followed something that was refused: nobody was faster.
  if (code === 'stale' && facts['lastCommand'] === undefined) return i18next.t('work.followed');
  return errorText(new ApiError(code as ErrorCode, { facts }));
}

/** Shows an error, once however often it comes, and until it is read. */
export function showError(error: unknown): void {
  const code = error instanceof ApiError ? error.code : 'unexpected';
  // The sign-in screen says these itself.
  if (code === 'session_ended' || code === 'unauthenticated') return;
  const request = error instanceof ApiError && code === 'internal' && error.requestId ? ` (${error.requestId})` : '';
  const fields =
    error instanceof ApiError ? error.fields.map((field) => `${field.field}: ${fieldText(field)}`).join(' ') : '';
  notifications.hide(code);
  notifications.show({
    id: code,
    role: 'alert',
    color: 'red',
    icon: <IconAlertTriangle size={18} aria-hidden />,
    message: `${errorText(error)}${request}${fields ? ` ${fields}` : ''}`,
    autoClose: code === 'unavailable' ? 8000 : 15_000,
    closeButtonProps: { 'aria-label': i18next.t('common.close') },
  });
}

export function showDone(message: string): void {
  notifications.show({
    message,
    color: 'lane',
    icon: <IconCheck size={18} aria-hidden />,
    autoClose: 4000,
    closeButtonProps: { 'aria-label': i18next.t('common.close') },
  });
}

/** What is wrong in a field: in words of that field where it has any. */
const fieldText = ({ field, code, message }: ApiError['fields'][number]): string =>
  i18next.t([`field.${field}_${code}`, `field.${code}`], { defaultValue: message });

/** Puts the server's complaints beside the fields they are about; false when there is none for this form. */
export function showInForm<V>(
  form: UseFormReturnType<V>,
  error: unknown,
  fieldOf: Partial<Record<string, string>> = {},
): boolean {
  if (!(error instanceof ApiError)) return false;
  const values = form.getValues() as Record<string, unknown>;
  const named = fieldOf[error.code];
  const own = error.fields.filter(({ field }) => field in values || field.split('.').at(-1)! in values);
  if (!named && (own.length === 0 || own.length < error.fields.length)) return false;
  for (const field of own)
    form.setFieldError(field.field in values ? field.field : field.field.split('.').at(-1)!, fieldText(field));
  if (named) form.setFieldError(named, errorText(error));
  return true;
}
