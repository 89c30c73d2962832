import { Alert, NativeSelect, Stack, Switch, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useServices } from '../services.ts';
import { useStore } from '../store.ts';
import { Dialog } from '../ui/Dialog.tsx';

const TRAYS = ['slipPrinter', 'pagePrinter'] as const;

/** How this computer prints: on which printer, and whether a slip comes by itself. */
export function DeskPrinting({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const { connection, deskPrinting } = useServices();
  const settings = useStore(deskPrinting);
  const desk = connection.desk;
  const printers = useQuery({
    queryKey: ['printers'],
    queryFn: async () => (await desk?.printing.printers())?.printers ?? [],
    enabled: desk !== null,
    staleTime: 0,
  }).data;
  return (
    <Dialog title={t('print.desk')} close={close}>
      <Stack>
        <Switch
          data-autofocus
          label={t('print.atOnce')}
          description={t(desk ? 'print.atOnceHint' : 'print.atOnceBrowser')}
          checked={settings.atOnce}
          onChange={(event) => deskPrinting.set({ ...settings, atOnce: event.currentTarget.checked })}
        />
        {desk ? (
          TRAYS.map((tray) => (
            <NativeSelect
              key={tray}
              label={t(`print.${tray}`)}
              value={settings[tray] ?? ''}
              data={[
                { value: '', label: t('print.usual') },
                // One that is switched off just now stays chosen.
                ...named(printers ?? [], settings[tray]),
              ]}
              onChange={(event) => deskPrinting.set({ ...settings, [tray]: event.currentTarget.value || null })}
            />
          ))
        ) : (
          <Text size="sm">{t('print.browser')}</Text>
        )}
        {printers?.length === 0 && <Alert color="yellow">{t('print.none')}</Alert>}
      </Stack>
    </Dialog>
  );
}

function named(printers: readonly { name: string; label: string }[], chosen: string | null) {
  const known = printers.map(({ name, label }) => ({ value: name, label }));
  return chosen && !known.some(({ value }) => value === chosen) ? [...known, { value: chosen, label: chosen }] : known;
}
