import * as z from 'zod';
import { query, session } from './kit.ts';
import { ok } from './shapes.ts';

export const PICTURE_MEDIA = ['image/jpeg', 'image/png'] as const;
/** Bytes of a picture at most, and its pixels across and down: it is shown as small as a stamp. */
export const PICTURE_LIMITS = { bytes: 128 * 1024, pixels: 512 };

const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/, 'Base64.');

export const picture = z
  .object({ media: z.enum(PICTURE_MEDIA), data: base64 })
  .nullable()
  .meta({ description: 'A JPEG or a PNG in base64.' });

const preferences = {
  language: z.string().max(20).nullable(),
  colours: z.enum(['light', 'dark', 'auto']).nullable(),
  singleKeys: z.boolean().nullable().meta({ description: 'Whether keys without Ctrl or Alt do something.' }),
};

/** How a person likes their screens, and what they look like: the same at every desk. */
export const profile = {
  get: query({
    route: 'GET /auth/profile',
    summary: 'One’s own preferences, null where none was chosen, and picture.',
    who: 'anyone',
    input: z.object({}),
    output: z.object({ preferences: z.object(preferences), picture }),
    errors: [],
  }),
  prefer: session({
    route: 'PATCH /auth/profile',
    summary: 'Changes those preferences that are given.',
    who: 'anyone',
    input: z.object(preferences).partial(),
    output: ok,
    errors: [],
  }),
  setPicture: session({
    route: 'PUT /auth/profile/picture',
    summary:
      'A picture of oneself, a JPEG or PNG of 512 × 512 pixels at most; null removes it. Where and when it was taken is cut out.',
    who: 'anyone',
    input: z.object({
      data: base64.max(Math.ceil(PICTURE_LIMITS.bytes / 3) * 4).nullable(),
    }),
    output: ok,
    errors: ['document_unusable'],
  }),
};
