import { Alert, Group, Progress, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentKind } from '../../domain/identity-documents.ts';
import { startsOf } from '../../domain/verification.ts';
import type { Medlane } from '../api.ts';
import { useCommand } from '../commands.ts';
import { useFormat } from '../format.ts';
import type { Whose } from '../queries.ts';
import { useApi } from '../services.ts';
import { showDone, showError } from '../ui/errors.tsx';
import { HinderedButton } from '../ui/ServerButton.tsx';
import { DocumentPart } from './DocumentPart.tsx';
import { type DocumentFile, FileDialog } from './FileView.tsx';
import { NumbersForm } from './NumbersForm.tsx';
import { StateBadge } from './StateBadge.tsx';

type Props = Readonly<{
  whose: Whose;
  now: Awaited<ReturnType<Medlane['identity']['get']>>;
  text: string;
  /** The dialog that it stands in: what it asks takes its place, since one dialog is open at a time. */
  frame?: (body: ReactNode) => ReactNode;
}>;

/** Somebody's identity documents as they are handed in: what is asked for, how much of it is there, what was said of it. */
export function Documents({ whose, now, text, frame }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const client = useQueryClient();
  const [entering, setEntering] = useState<DocumentKind | null>(null);
  const [opened, setOpened] = useState<DocumentFile | null>(null);
  const [adding, setAdding] = useState<DocumentKind | null>(null);
  const look = () => void client.invalidateQueries({ queryKey: ['identity', whose.subject, whose.subjectId] });
  const remove = useCommand(api.identity.remove, { onDone: look });
  const submit = useCommand(api.identity.submit, {
    onDone: () => {
      showDone(t('identity.submitted'));
      look();
    },
  });
  const mayEdit = startsOf('edit').includes(now.state);
  const asked = now.documents.filter((document) => document.asked);
  const there = asked.filter(({ complete }) => complete).length;

  /** Sent once: a file that arrived unheard would stand there twice. */
  async function add(kind: DocumentKind, file: File) {
    setAdding(kind);
    await api.identity.addFile({ ...whose, kind, filename: file.name, file }).then(look, showError);
    setAdding(null);
  }

  const body = (
    <Stack gap="sm">
      <Group gap="xs">
        <StateBadge state={now.state} />
        {now.submittedAt && (
          <Text size="sm" c="dimmed">
            {t('identity.submittedAt', { when: format.moment(now.submittedAt) })}
          </Text>
        )}
      </Group>
      {now.remarks && (
        <Alert color="yellow" title={t('identity.remarks')}>
          <Text size="sm" c="var(--mantine-color-text)">
            {now.remarks}
          </Text>
        </Alert>
      )}
      {mayEdit && (
        <div>
          <Text size="sm" c="dimmed" mb={6}>
            {text} {t('identity.fileHint')}
          </Text>
          <Text size="sm" mb={4}>
            {t('identity.progress', { there: format.number(there), asked: format.number(asked.length) })}
          </Text>
          <Progress value={now.percent} aria-label={t('identity.title')} />
        </div>
      )}
      <ul className="plain-list rows">
        {now.documents.map((document) => (
          <DocumentPart
            key={document.kind}
            of={document}
            open={setOpened}
            editing={
              mayEdit
                ? {
                    enter: () => setEntering(document.kind),
                    add: (file) => void add(document.kind, file),
                    remove: (fileId) => void remove.run({ ...whose, kind: document.kind, fileId }),
                    busy: adding === document.kind,
                  }
                : null
            }
          />
        ))}
      </ul>
      {mayEdit && (
        <Group>
          <HinderedButton
            hindered={there < asked.length ? t('identity.incomplete') : null}
            loading={submit.busy}
            onClick={() => void submit.run(whose)}
          >
            {t('identity.submit')}
          </HinderedButton>
        </Group>
      )}
    </Stack>
  );
  const asking = entering ? (
    <NumbersForm
      whose={whose}
      kind={entering}
      close={() => setEntering(null)}
      done={() => {
        setEntering(null);
        look();
      }}
    />
  ) : (
    opened && <FileDialog file={opened} close={() => setOpened(null)} />
  );
  if (frame) return asking ?? frame(body);
  return (
    <>
      {body}
      {asking}
    </>
  );
}
