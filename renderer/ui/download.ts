import type { Download } from '../../contract/client.ts';
import { after } from '../clock.ts';

/** Hands a download to the browser as a file, once all of it is there; whether a file was kept. */
export async function saveDownload(download: Download): Promise<boolean> {
  // On the desktop the main process has asked where to, and written the file.
  if ('saved' in download) return download.saved !== null;
  const blob = await new Response(download.body, { headers: { 'Content-Type': download.media } }).blob();
  saveBlob(blob, download.filename);
  return true;
}

export const saveText = (text: string, filename: string): void =>
  saveBlob(new Blob([text], { type: 'text/plain;charset=utf-8' }), filename);

function saveBlob(blob: Blob, filename: string) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = filename;
  link.click();
  // Some browsers read the address only after the click is over.
  after(10_000, () => URL.revokeObjectURL(link.href));
}
