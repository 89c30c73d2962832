type Row = Readonly<{ id: string; token: string; state: string; version: number }>;

/** What a desk and its server hash to find out whether they know the same visits of a day: one line each, by id. */
export const proofText = (rows: readonly Row[]): string =>
  rows
    .map(({ id, token, state, version }) => `${id} ${token} ${state} ${version}\n`)
    .sort()
    .join('');
