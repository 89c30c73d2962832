import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format.ts';
import type { Job } from '../live.ts';

const REJECTED = /^rejected\.(\w+)\.(\w+)$/;

/** What a run counted, by the names the server gives, and why it left rows out. */
export function Counts({ result }: { result: Job['result'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const entries = Object.entries(result ?? {}).filter(([key]) => key !== 'refusal');
  const reasons = entries.flatMap(([key, count]) => {
    const [, field, problem] = REJECTED.exec(key) ?? [];
    return field ? [{ key, text: t(`import.problem.${problem}`, { field: t(`import.field.${field}`) }), count }] : [];
  });
  return (
    <>
      <dl className="facts">
        {entries
          .filter(([key]) => !REJECTED.test(key))
          .map(([key, value]) => (
            <div key={key} className="fact">
              <dt>{t(`result.${key}`, { defaultValue: key })}</dt>
              <dd>
                {typeof value === 'number' ? (
                  format.number(value)
                ) : typeof value === 'boolean' ? (
                  t(value ? 'common.yes' : 'common.no')
                ) : (
                  <span className="mono">{value ?? '–'}</span>
                )}
              </dd>
            </div>
          ))}
      </dl>
      {reasons.length > 0 && (
        <>
          <Text size="sm" fw={550} mt="sm">
            {t('import.because')}
          </Text>
          <ul className="plain-list">
            {reasons.map(({ key, text, count }) => (
              <li key={key}>
                <Text size="sm">
                  {text} · {format.number(Number(count))}
                </Text>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
