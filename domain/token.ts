/** The label of a token: `A-012` when the server gave it, `A-R2-003` when station R2 gave it on its own. */
export function tokenLabel(queueCode: string, number: number, stationCode?: string | null): string {
  const padded = String(number).padStart(3, '0');
  return stationCode ? `${queueCode}-${stationCode}-${padded}` : `${queueCode}-${padded}`;
}

/** The counter behind a queue's tokens of one clinic day. */
export const tokenSeries = (queueId: string, clinicDay: string) => `token:${queueId}:${clinicDay}`;

/** The number on a label. */
export const tokenNumberOf = (label: string): number => Number(label.slice(label.lastIndexOf('-') + 1));
