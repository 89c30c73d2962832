import { Alert, Button, Group, Skeleton, Text, Textarea } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../contract/kit.ts';
import { useCommand } from '../commands.ts';
import { useDraft } from '../drafts.ts';
import { useFormat } from '../format.ts';
import { type Note, patientNotes, type VisitRow } from '../queries.ts';
import { useApi, useUser } from '../services.ts';
import { useAutosave } from '../ui/autosave.ts';
import { Keys, useShortcuts } from '../ui/shortcuts.tsx';

/** My note about this visit. It is saved while it is typed, and kept in this tab until it is. */
export function VisitNote({ row, keys }: { row: VisitRow; keys: boolean }) {
  const api = useApi();
  const user = useUser();
  const notes = useQuery(patientNotes(api, row.patientId));
  if (!notes.data) return <Skeleton height={160} />;
  const mine = notes.data.items.find(({ visitId, authorId }) => visitId === row.id && authorId === user.id);
  return <NoteField key={row.id} row={row} keys={keys} before={mine} />;
}

function NoteField({ row, keys, before }: { row: VisitRow; keys: boolean; before: Note | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const client = useQueryClient();
  const field = useRef<HTMLTextAreaElement>(null);
  const version = useRef(before?.version ?? 0);
  const [saved, setSaved] = useState(before);
  const [text, setText] = useState(before?.text ?? '');
  const [elsewhere, setElsewhere] = useState<Note | null>(null);
  useShortcuts([{ keys: 'w', label: t('note.write'), run: () => field.current?.focus(), off: !keys }]);

  const command = useCommand(api.notes.save, {
    onError: (error) => {
      if (!(error instanceof ApiError) || error.code !== 'stale') return false;
      void client.fetchQuery({ ...patientNotes(api, row.patientId), staleTime: 0 }).then(({ items }) => {
        setElsewhere(items.find(({ id, visitId }) => visitId === row.id && (!saved || id === saved.id)) ?? null);
      });
      return true;
    },
  });
  const autosave = useAutosave(async (typed) => {
    const note = await command.run({ id: row.id, text: typed, expectedVersion: version.current });
    if (!note) return false;
    version.current = note.version;
    setSaved(note);
    client.setQueryData<{ items: Note[]; nextCursor: string | null }>(['patient', row.patientId, 'notes'], (known) => ({
      nextCursor: null,
      items: [note, ...(known?.items ?? []).filter(({ id }) => id !== note.id)],
    }));
    return true;
  });
  const change = (typed: string) => {
    setText(typed);
    autosave.change(typed);
  };
  useDraft(`note.${row.id}`, text === (saved?.text ?? '') ? null : text, change);

  const settle = (keepMine: boolean) => {
    if (!elsewhere) return;
    version.current = elsewhere.version;
    setSaved(elsewhere);
    setElsewhere(null);
    change(keepMine ? text : elsewhere.text);
  };
  return (
    <div>
      <Textarea
        ref={field}
        label={
          <>
            {t('note.label')}
            {keys && <Keys of="w" />}
          </>
        }
        aria-label={t('note.label')}
        placeholder={t('note.placeholder')}
        autosize
        minRows={5}
        maxRows={18}
        maxLength={20_000}
        dir="auto"
        // Clinical text is not sent to a spelling service, and not marked red for a medicine's name.
        spellCheck={false}
        value={text}
        onChange={(event) => change(event.currentTarget.value)}
        onBlur={() => void autosave.flush()}
        onKeyDown={(event) => event.key === 'Escape' && field.current?.blur()}
      />
      <Text size="xs" c={autosave.state === 'failed' ? 'var(--mantine-color-error)' : 'dimmed'} mt={4} role="status">
        {autosave.state === 'saved'
          ? saved && t('note.saved', { time: format.time(saved.updatedAt) })
          : t(`note.${autosave.state}`)}
      </Text>
      {elsewhere && (
        <Alert color="yellow" title={t('note.elsewhere')} mt="xs">
          <Text size="sm" dir="auto">
            {elsewhere.text}
          </Text>
          <Group mt="xs">
            <Button size="xs" variant="default" onClick={() => settle(false)}>
              {t('note.takeThat')}
            </Button>
            <Button size="xs" onClick={() => settle(true)}>
              {t('note.keepMine')}
            </Button>
          </Group>
        </Alert>
      )}
    </div>
  );
}
