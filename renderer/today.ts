import { useQuery } from '@tanstack/react-query';
import { clock } from './clock.ts';
import { perName } from './memo.ts';
import { me } from './queries.ts';
import { useApi } from './services.ts';

const dayIn = perName(
  (zone) => new Intl.DateTimeFormat('en-CA', { dateStyle: 'short', ...(zone ? { timeZone: zone } : {}) }),
);

/** Today's date in the clinic, `YYYY-MM-DD`, for ages. */
export function useToday(): string {
  const zone = useQuery(me(useApi())).data?.timeZone;
  return dayIn(zone ?? '').format(clock.now());
}
