import type { Download } from '../../contract/client.ts';
import { after } from '../clock.ts';

/** Hands a download to the browser as a file. */
export async function saveDownload(download: Download): Promise<void> {
  // On the desktop the main process has asked where to, and written the file.
  if ('saved' in download) return;
  const blob = await new Response(download.body, { headers: { 'Content-Type': download.media } }).blob();
  saveBlob(blob, download.filename);
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
