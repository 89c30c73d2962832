import type { Readable } from 'node:stream';
import { fileTypeFromBuffer } from 'file-type';
import type { Problem } from '../../contract/errors.ts';
import { DOCUMENT_MEDIA } from '../../contract/identity.ts';
import { ApiError } from '../../contract/kit.ts';
import { plainJpeg, plainPng } from './pictures.ts';

export type Media = (typeof DOCUMENT_MEDIA)[number];
export type CheckedFile = Readonly<{ media: Media; bytes: Buffer }>;

const MOST_BYTES = 5 * 1024 * 1024;
/** More than any telephone’s photograph of a card: a picture that says it is larger is a bomb. */
const MOST_PIXELS = 25_000_000;

/** @throws ApiError */
export function refuseFile(problem: Problem<'document_unusable'>): never {
  throw new ApiError('document_unusable', { facts: { problem } });
}

/** All of an upload. What is too much is heard to its end, so that the sender hears the answer. */
async function bytesOf(source: Readable): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of source as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size <= MOST_BYTES) pieces.push(piece);
    else pieces.length = 0;
  }
  return size <= MOST_BYTES ? Buffer.concat(pieces) : refuseFile('size');
}

/** A file as it is kept: of a kind that its content shows, whole, and not too large to be looked at. @throws ApiError */
export async function readFile(source: Readable): Promise<CheckedFile> {
  const file = await bytesOf(source);
  const media = (await fileTypeFromBuffer(file))?.mime as Media | undefined;
  if (!media || !DOCUMENT_MEDIA.includes(media)) return refuseFile('kind');
  if (media === 'application/pdf') {
    return file.subarray(-1024).includes('%%EOF') ? { media, bytes: file } : refuseFile('broken');
  }
  const picture = (media === 'image/jpeg' ? plainJpeg(file) : plainPng(file)) ?? refuseFile('broken');
  if (picture.width * picture.height > MOST_PIXELS) refuseFile('pixels');
  return { media, bytes: picture.bytes };
}

/** What a file was called, to be shown beside it: no folder, no control or direction characters, not endless. */
export const shownName = (given: string): string =>
  (given.split(/[/\\]/).at(-1) ?? '')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .trim()
    .slice(0, 100) || 'document';
