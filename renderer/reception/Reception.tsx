import { Group, Stack } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDrafts } from '../drafts.ts';
import { NEW_PATIENT, PatientForm } from '../patient/PatientForm.tsx';
import type { Visit } from '../queries.ts';
import { Page, Panel } from '../ui/Page.tsx';
import { useShortcuts } from '../ui/shortcuts.tsx';
import { Issued } from './Issued.tsx';
import { IssueToken } from './IssueToken.tsx';
import { PatientSearch } from './PatientSearch.tsx';
import { QueuesNow } from './QueuesNow.tsx';
import { Today } from './Today.tsx';

type Step =
  | { at: 'search' }
  | { at: 'new'; typed: string }
  | { at: 'issue'; patientId: string | null }
  | { at: 'issued'; visit: Visit; patientName: string };

/** The front desk: who is it, which queue, here is the token; beside it, everyone of today. */
export function Reception() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { patient: asked } = useSearch({ strict: false }) as { patient?: string };
  const [chosen, setStep] = useState<Step>({ at: 'search' });
  /** Whom the address asked for, and is done with: the address itself forgets it a moment later. */
  const [left, setLeft] = useState<string>();
  const step: Step = asked && asked !== left ? { at: 'issue', patientId: asked } : chosen;
  const go = (next: Step) => {
    setLeft(asked);
    if (asked) void navigate({ to: '/reception', search: {}, replace: true });
    setStep(next);
  };
  useEffect(() => {
    if (!asked) setLeft(undefined);
  }, [asked]);
  const search = () => go({ at: 'search' });
  const drafts = useDrafts();
  useEffect(() => {
    // A reload, or a crash, in the middle of a new patient: the form is there again, as it was.
    void drafts?.open(NEW_PATIENT).then((draft) => draft !== null && setStep({ at: 'new', typed: '' }));
  }, [drafts]);
  useShortcuts([
    {
      keys: 'ctrl+u',
      label: t('reception.unidentified'),
      run: () => go({ at: 'issue', patientId: null }),
      inFields: true,
    },
    { keys: 'alt+n', label: t('reception.newPatient'), run: () => go({ at: 'new', typed: '' }), inFields: true },
    { keys: '/', label: t('reception.search'), run: search },
  ]);

  return (
    <Page title={t('place.reception')}>
      <div className="split">
        <Stack>
          {step.at === 'search' && (
            <PatientSearch
              pick={(patientId) => go({ at: 'issue', patientId })}
              add={(typed) => go({ at: 'new', typed })}
              unidentified={() => go({ at: 'issue', patientId: null })}
            />
          )}
          {step.at === 'search' && <QueuesNow />}
          {step.at === 'new' && (
            <Panel title={t('reception.newPatient')}>
              <PatientForm typed={step.typed} done={(patientId) => go({ at: 'issue', patientId })} cancel={search} />
            </Panel>
          )}
          {step.at === 'issue' && (
            <IssueToken
              key={step.patientId}
              patientId={step.patientId}
              issued={(visit, patientName) => go({ at: 'issued', visit, patientName })}
              back={search}
            />
          )}
          {step.at === 'issued' && <Issued visit={step.visit} patientName={step.patientName} next={search} />}
        </Stack>
        <Group align="stretch" grow>
          <Today />
        </Group>
      </div>
    </Page>
  );
}
