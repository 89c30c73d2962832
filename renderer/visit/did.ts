import { useTranslation } from 'react-i18next';

/** Operations whose command has another name than they have. */
const COMMAND: Readonly<Record<string, string>> = {
  'visits.issueOffline': 'issue',
  'visits.noShow': 'no-show',
  'queues.callNext': 'call',
  'notes.save': 'note',
  'paper.countSlip': 'slip',
};

/** What was done, in a person's words, from the name of the operation. */
export function useDidWords(): (operation: string) => string {
  const { t } = useTranslation();
  return (operation) => t(`command.${COMMAND[operation] ?? operation.split('.').at(-1)}`, { defaultValue: operation });
}
