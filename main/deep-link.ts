/** The scheme that opens a place in the desk: `medlane://patient/07-31-004`, `medlane://visit/ID`, `medlane://board/ID`. */
export const LINK_SCHEME = 'medlane';

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Any registration number that a clinic's pattern can make. */
const NUMBER = /^[A-Z0-9./-]{3,24}$/;
const FORMS = { patient: NUMBER, visit: ID, board: ID } as const;

/** The screen's address for a link; null for one that is not exactly of these forms. Anybody may have written it. */
export function placeOfLink(link: string): string | null {
  const [, kind, encoded = ''] = /^medlane:\/\/(patient|visit|board)\/([\w.%-]{1,80})\/?$/.exec(link) ?? [];
  const what = decoded(encoded);
  if (!kind || what === null || !FORMS[kind as keyof typeof FORMS].test(what)) return null;
  return `/open/${kind}/${encodeURIComponent(what)}`;
}

/** A link among the arguments with which a second start was made; the system hands it over that way. */
export const linkAmong = (argv: readonly string[]): string | null => argv.find(isLink) ?? null;

export const isLink = (argument: string): boolean => /^medlane:/i.test(argument);

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
