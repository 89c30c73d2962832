import { ActionIcon, Button, FileButton, Group, Text } from '@mantine/core';
import { IconPaperclip, IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DOCUMENT_MEDIA } from '../../contract/identity.ts';
import type { IdentityDocument } from '../queries.ts';
import type { DocumentFile } from './FileView.tsx';

type Props = Readonly<{
  of: IdentityDocument;
  /** The number in full, where somebody has asked for it. */
  numbers?: Readonly<Record<string, string>> | undefined;
  open: (file: DocumentFile) => void;
  /** What else can be done: nothing while it is being looked at. */
  editing?: { enter: () => void; add: (file: File) => void; remove: (fileId: string) => void; busy: boolean } | null;
  children?: ReactNode;
}>;

/** One document: what of it is there, masked. */
export function DocumentPart({
  of: { kind, asked, complete, fields, files },
  numbers,
  open,
  editing,
  children,
}: Props) {
  const { t } = useTranslation();
  const title = t(`identity.kind.${kind}`);
  const entered = fields.some(({ lastFour }) => lastFour !== null);
  return (
    <li className="document">
      <Group justify="space-between" gap="xs">
        <Text fw={600}>
          {title}{' '}
          <span className="badge" data-state={complete ? 'done' : 'called'}>
            {t(complete ? 'identity.there' : asked ? 'identity.missing' : 'identity.notAsked')}
          </span>
        </Text>
        {editing && (
          <Group gap="xs">
            {fields.length > 0 && (
              <Button
                size="compact-sm"
                variant="default"
                aria-label={`${t(entered ? 'identity.change' : 'identity.enter')}: ${title}`}
                onClick={editing.enter}
              >
                {t(entered ? 'identity.change' : 'identity.enter')}
              </Button>
            )}
            <FileButton accept={DOCUMENT_MEDIA.join(',')} onChange={(file) => file && editing.add(file)}>
              {(props) => (
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`${t('identity.addFile')}: ${title}`}
                  loading={editing.busy}
                  {...props}
                >
                  {t('identity.addFile')}
                </Button>
              )}
            </FileButton>
          </Group>
        )}
      </Group>
      {entered && (
        <Group gap="lg">
          {fields.map(({ name, lastFour }) => (
            <Text key={name} size="sm">
              {t(`identity.field.${name}`)}:{' '}
              <bdi dir="ltr">{numbers?.[name] ?? (lastFour === null ? '–' : `•••• ${lastFour}`)}</bdi>
            </Text>
          ))}
        </Group>
      )}
      {files.length > 0 && (
        <Group gap="xs">
          {files.map((file) => (
            <Group key={file.id} gap={2} wrap="nowrap">
              <Button
                size="compact-sm"
                variant="subtle"
                maw="16rem"
                leftSection={<IconPaperclip size={14} aria-hidden />}
                onClick={() => open(file)}
              >
                <bdi>{file.name}</bdi>
              </Button>
              {editing && (
                <ActionIcon
                  size="sm"
                  variant="subtle"
                  color="red"
                  aria-label={t('identity.removeFile', { name: file.name })}
                  onClick={() => editing.remove(file.id)}
                >
                  <IconTrash size={14} aria-hidden />
                </ActionIcon>
              )}
            </Group>
          ))}
        </Group>
      )}
      {children}
    </li>
  );
}
