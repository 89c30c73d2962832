import { Switch } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../commands.ts';
import { useApi } from '../services.ts';

type Props = Readonly<{
  on: boolean;
  verified: boolean;
  /** There is an app as well: it is the stronger. */
  app: boolean;
  /** Told when they were chosen. */
  chosen: () => void;
}>;

/** Codes by mail as one's second factor, or as another one beside the app. */
export function MailCodes({ on, verified, app, chosen }: Props) {
  const { t } = useTranslation();
  const api = useApi();
  const client = useQueryClient();
  const choose = useCommand(api.secondFactor.byMail);
  const hint = !verified ? 'email.first' : app ? 'factor.mailBesideApp' : 'factor.mailHint';
  return (
    <Switch
      label={t('factor.mailCodes')}
      description={t(hint)}
      checked={on}
      disabled={choose.busy || (!verified && !on)}
      onChange={async ({ currentTarget: { checked } }) => {
        const saved = await choose.run({ on: checked });
        await client.invalidateQueries({ queryKey: ['factor'] });
        if (saved && checked) chosen();
      }}
    />
  );
}
