/** How much of a feature: nothing at all, to look, to add, to do all there is. */
export const LEVELS = ['none', 'read', 'create', 'full'] as const;
export type Level = (typeof LEVELS)[number];

/** What somebody may do beyond their roles, or not at all (`none`), within a time; instants in ms, `until` null is for good. */
export type Grant = Readonly<{ feature: string; level: Level; from: number; until: number | null }>;

/** The rights of a moment, by feature. */
export type Rights = Readonly<Record<string, Level>>;

export const reaches = (held: Level, needed: Level): boolean => LEVELS.indexOf(held) >= LEVELS.indexOf(needed);

/** What grants come to at an instant: the most of each feature, but nothing where one of them takes it away. */
export function rightsAt(grants: readonly Grant[], now: number): Rights {
  const rights: Record<string, Level> = {};
  for (const { feature, level, from, until } of grants) {
    if (now < from || (until !== null && now >= until)) continue;
    const held = rights[feature];
    if (held === undefined || level === 'none' || (held !== 'none' && reaches(level, held))) rights[feature] = level;
  }
  return rights;
}
