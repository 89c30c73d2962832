import { useQuery } from '@tanstack/react-query';
import { clock } from './clock.ts';
import { me } from './queries.ts';
import { useApi } from './services.ts';

/** Today's date in the clinic, `YYYY-MM-DD`, for ages. */
export function useToday(): string {
  const zone = useQuery(me(useApi())).data?.timeZone;
  return new Intl.DateTimeFormat('en-CA', { dateStyle: 'short', ...(zone ? { timeZone: zone } : {}) }).format(
    clock.now(),
  );
}
