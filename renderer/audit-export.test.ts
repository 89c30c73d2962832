import { expect, it } from 'vitest';
import { createAuditExport } from './audit-export.ts';

const answering = (body: ReadableStream<Uint8Array>) =>
  createAuditExport({ audit: { export: async () => ({ filename: 'audit.csv', media: 'text/csv', body }) } } as never);

it('keeps nothing of an export that breaks off, and says that the server is away', async () => {
  const body = new ReadableStream<Uint8Array>({
    start: (source) => source.enqueue(new TextEncoder().encode('half a file')),
    pull: (source) => source.error(new TypeError('network error')),
  });
  const auditExport = answering(body);
  // There is no document here: to save anything would be an error of another kind.
  await expect(auditExport.start({ format: 'csv' })).rejects.toMatchObject({ code: 'unavailable' });
  expect(auditExport.now.get()).toBeNull();
});

it('calls one that was stopped by its name', async () => {
  const body = new ReadableStream<Uint8Array>({
    pull: (source) => {
      auditExport.stop();
      source.error(new DOMException('aborted', 'AbortError'));
    },
  });
  const auditExport = answering(body);
  expect(await auditExport.start({ format: 'csv' })).toBe('stopped');
});
