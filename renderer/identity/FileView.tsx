import { Alert, Loader } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { IdentityDocument } from '../queries.ts';
import { useApi } from '../services.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { errorText } from '../ui/errors.tsx';

export type DocumentFile = IdentityDocument['files'][number];

/** A file of a document, looked at in its place: it is not kept on this computer, and each look is told. */
export function FileView({ file: { id, name, media } }: { file: DocumentFile }) {
  const { t } = useTranslation();
  const api = useApi();
  const [shown, setShown] = useState<{ url?: string; error?: unknown }>({});
  useEffect(() => {
    const abort = new AbortController();
    let held: string | null = null;
    setShown({});
    api.identity
      .file({ id }, { inPage: true, signal: abort.signal })
      .then(({ body }) => new Response(body, { headers: { 'Content-Type': media } }).blob())
      .then((blob) => {
        if (media !== 'application/pdf') return asData(blob);
        held = URL.createObjectURL(blob);
        return held;
      })
      .then(
        (url) => abort.signal.aborted || setShown({ url }),
        (error: unknown) => abort.signal.aborted || setShown({ error }),
      );
    return () => {
      abort.abort();
      if (held) URL.revokeObjectURL(held);
    };
  }, [api, id, media]);
  if (shown.error) return <Alert color="red">{errorText(shown.error)}</Alert>;
  return (
    <div className="preview">
      {!shown.url && <Loader aria-label={t('common.loading')} />}
      {shown.url && media === 'application/pdf' && <iframe title={name} src={`${shown.url}#toolbar=0&navpanes=0`} />}
      {shown.url && media !== 'application/pdf' && <img src={shown.url} alt={name} />}
    </div>
  );
}

/** The page may show pictures that it holds itself as text, and from nowhere else. */
const asData = (blob: Blob): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });

export const FileDialog = ({ file, close }: { file: DocumentFile; close: () => void }) => (
  <Dialog title={file.name} close={close} size="lg">
    <FileView file={file} />
  </Dialog>
);
