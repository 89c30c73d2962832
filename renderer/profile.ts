import { useDirection, useMantineColorScheme } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Preferences } from '../domain/people.ts';
import { chosenAtDoor, LANGUAGES, setLanguage } from './i18n.ts';
import { ownProfile } from './queries.ts';
import { useApi, useUser } from './services.ts';
import { setSingleKeys } from './ui/shortcuts.tsx';

/** A person's screens are as they like them, at whichever desk they are. What they chose at the door goes before. */
export function usePreferences(): void {
  const { setColorScheme } = useMantineColorScheme();
  const { setDirection } = useDirection();
  const { i18n } = useTranslation();
  const user = useUser();
  const { preferences } = useQuery(ownProfile(useApi())).data ?? {};
  const prefer = usePrefer();
  const taken = useRef('');
  useEffect(() => {
    if (!preferences || taken.current === user.id) return;
    taken.current = user.id;
    const { language, colours, singleKeys } = preferences;
    if (colours) setColorScheme(colours);
    if (singleKeys !== null) setSingleKeys(singleKeys);
    const chosen = chosenAtDoor();
    if (chosen) void prefer({ language: chosen });
    else if (language && language !== i18n.language && LANGUAGES.includes(language))
      void setLanguage(language).then(() => setDirection(i18n.dir(language)));
  }, [preferences, user.id, setColorScheme, setDirection, i18n, prefer]);
}

/** Keeps what somebody chose. Where the server is away, this computer keeps it alone. */
export function usePrefer(): (what: Partial<Preferences>) => Promise<void> {
  const api = useApi();
  const client = useQueryClient();
  return useCallback(
    async (what) => {
      await api.profile.prefer(what).catch(() => undefined);
      void client.invalidateQueries({ queryKey: ['profile'] });
    },
    [api, client],
  );
}
