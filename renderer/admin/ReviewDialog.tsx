import { Alert, Button, Group, Loader, Stack, Text, Textarea } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentKind } from '../../domain/identity-documents.ts';
import { needsRemarks, REVIEW_STEPS, startsOf, type VerificationStep } from '../../domain/verification.ts';
import { useCommand } from '../commands.ts';
import { useFormat } from '../format.ts';
import { DocumentPart } from '../identity/DocumentPart.tsx';
import { type DocumentFile, FileView } from '../identity/FileView.tsx';
import { StateBadge } from '../identity/StateBadge.tsx';
import { type Verification, verificationNow } from '../queries.ts';
import { mayAsk } from '../rights.ts';
import { useApi, useUser } from '../services.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { showDone } from '../ui/errors.tsx';

/** Somebody's documents before an administrator: looked at, and decided about. */
export function ReviewDialog({ id, close }: { id: string; close: () => void }) {
  const { t } = useTranslation();
  const now = useQuery(verificationNow(useApi(), id)).data;
  return (
    <Dialog title={t('identity.of', { name: now?.name ?? '' })} close={close} size="64rem">
      {now ? <Review of={now} id={id} close={close} /> : <Loader size="sm" aria-label={t('common.loading')} />}
    </Dialog>
  );
}

function Review({ of: now, id, close }: { of: Verification; id: string; close: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const mayDecide = mayAsk(useUser(), 'verifications.decide');
  const [file, setFile] = useState<DocumentFile | null>(null);
  const [numbers, setNumbers] = useState<Partial<Record<DocumentKind, Record<string, string>>>>({});
  const reveal = useCommand(api.verifications.reveal);
  const show = async (kind: DocumentKind) => {
    const answer = await reveal.run({ id, kind });
    if (!answer) return;
    const shown = Object.fromEntries(answer.fields.map(({ name, value }) => [name, value]));
    setNumbers((before) => ({ ...before, [kind]: shown }));
  };
  return (
    <Stack>
      <Group gap="xs">
        <StateBadge state={now.state} />
        {now.submittedAt && (
          <Text size="sm" c="dimmed">
            {t('identity.submittedAt', { when: format.moment(now.submittedAt) })}
          </Text>
        )}
      </Group>
      {now.remarks && <Text className="written">{now.remarks}</Text>}
      <div className={file ? 'beside' : undefined}>
        <ul className="plain-list rows">
          {now.documents.map((document) => (
            <DocumentPart key={document.kind} of={document} numbers={numbers[document.kind]} open={setFile}>
              {document.alsoOf.length > 0 && (
                <Text className="hint" size="sm">
                  {t('verification.alsoOf', { names: format.list(document.alsoOf) })}
                </Text>
              )}
              {document.fields.some(({ lastFour }) => lastFour !== null) && !numbers[document.kind] && (
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`${t('verification.reveal')}: ${t(`identity.kind.${document.kind}`)}`}
                  loading={reveal.busy}
                  onClick={() => void show(document.kind)}
                >
                  {t('verification.reveal')}
                </Button>
              )}
            </DocumentPart>
          ))}
        </ul>
        {file && <FileView key={file.id} file={file} />}
      </div>
      {now.own && <Alert color="yellow">{t('verification.own')}</Alert>}
      {!now.own && mayDecide && <Decision of={now} id={id} close={close} />}
    </Stack>
  );
}

const COLOURS: Partial<Record<VerificationStep, string>> = { reject: 'red' };

/** What can be decided now; where something is sent back, why. */
function Decision({ of: { state, version }, id, close }: { of: Verification; id: string; close: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const client = useQueryClient();
  const [remarks, setRemarks] = useState('');
  const [missing, setMissing] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const decide = useCommand(api.verifications.decide, {
    onDone: (after) => {
      showDone(t('common.saved'));
      void client.invalidateQueries({ queryKey: ['verifications'] });
      if (after.state !== 'under_review') close();
    },
  });
  const steps = REVIEW_STEPS.filter((step) => startsOf(step).includes(state));
  if (steps.length === 0) return <Text c="dimmed">{t('verification.nothingYet')}</Text>;
  const take = (step: (typeof steps)[number]) => {
    if (needsRemarks(step) && !remarks.trim()) {
      setMissing(true);
      return field.current?.focus();
    }
    void decide.run({ id, step, expectedVersion: version, ...(remarks.trim() ? { remarks: remarks.trim() } : {}) });
  };
  return (
    <Stack gap="sm">
      <Textarea
        ref={field}
        label={t('identity.remarks')}
        // Above the box: below it, the buttons would cover it.
        inputWrapperOrder={['label', 'description', 'error', 'input']}
        description={t('verification.remarksHint')}
        value={remarks}
        maxLength={500}
        autosize
        minRows={2}
        error={missing && !remarks.trim() ? t('verification.remarksNeeded') : undefined}
        onChange={(event) => setRemarks(event.currentTarget.value)}
      />
      <Group justify="flex-end" className="form-actions">
        {steps.map((step) => (
          <Button
            key={step}
            variant={step === 'approve' ? 'filled' : 'default'}
            c={COLOURS[step]}
            loading={decide.busy}
            onClick={() => take(step)}
          >
            {t(`verification.step.${step}`)}
          </Button>
        ))}
      </Group>
    </Stack>
  );
}
