import { Anchor, Kbd, Stack, Switch, Table, Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { createStore, useStore } from '../store.ts';
import { Dialog } from './Dialog.tsx';
import { GUIDES } from './guides.ts';

/** A key and what it does. `keys` are like `space`, `n`, `ctrl+u`, `?`. */
export type Shortcut = Readonly<{
  keys: string;
  label: string;
  run: () => void;
  /** Works while typing in a field, too. */
  inFields?: boolean;
  off?: boolean;
}>;

const shown = createStore<readonly (readonly Shortcut[])[]>([]);
const REMEMBERED = 'medlane.singleKeys';
/** WCAG 2.1.4: keys without Ctrl can be switched off by those whom they hinder. */
const singleKeys = createStore(localStorage.getItem(REMEMBERED) !== 'off');

export function setSingleKeys(on: boolean): void {
  singleKeys.set(on);
  localStorage.setItem(REMEMBERED, on ? 'on' : 'off');
}

/** The key's name; letters by their place on the keyboard when the layout has other letters there (Urdu, Hindi). */
function nameOf(event: KeyboardEvent): string {
  const plain = /^Key[A-Z]$/.test(event.code) && !/^[a-z]$/i.test(event.key) ? event.code.slice(3) : event.key;
  const key = plain === ' ' ? 'space' : plain.toLowerCase();
  const shift = event.shiftKey && key.length > 1 ? 'shift+' : '';
  return `${event.ctrlKey || event.metaKey ? 'ctrl+' : ''}${event.altKey ? 'alt+' : ''}${shift}${key}`;
}

const FIELD = 'input, textarea, select, [contenteditable="true"], [role="combobox"], [role="menu"]';
/** Space and Enter belong to the control that has the focus. */
const CONTROL = 'button:not([role="radio"]), a[href], summary, [role="tab"], [role="menuitem"], [role="switch"]';

/** Listens for these keys while the screen is there. A dialog on top takes the keyboard for itself. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  const signature = shortcuts.map(({ keys, label, off }) => `${keys}=${label}${off ? '-' : ''}`).join('|');

  // biome-ignore lint/correctness/useExhaustiveDependencies: the signature stands for the list, which is new at every render
  useEffect(() => {
    const mine = latest.current.filter(({ off }) => !off);
    shown.set([...shown.get(), mine]);
    return () => shown.set(shown.get().filter((list) => list !== mine));
  }, [signature]);

  useEffect(() => {
    let covered = false;
    // Noted before anyone hears the key: a dialog that Escape closes is gone when the key comes here.
    const note = () => {
      covered = document.querySelector('[role="dialog"]') !== null;
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat || event.isComposing) return;
      const target = event.target instanceof Element ? event.target : null;
      const name = nameOf(event);
      const found = latest.current.find(({ keys, off }) => keys === name && !off);
      if (!found || covered) return;
      const single = !/^(ctrl|alt)\+/.test(name);
      if (single && !singleKeys.get() && name !== 'escape') return;
      if (!found.inFields && target?.closest(FIELD)) return;
      if ((name === 'space' || name === 'enter') && target?.closest(CONTROL)) return;
      if (name === 'space' && target?.closest('[role="radio"]')) return;
      event.preventDefault();
      found.run();
    };
    window.addEventListener('keydown', note, true);
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('keydown', note, true);
      window.removeEventListener('keydown', onKey);
    };
  }, []);
}

export function Keys({ of }: { of: string }) {
  const { t } = useTranslation();
  return (
    <span className="keys" aria-hidden>
      <span dir="ltr">
        {of.split('+').map((key) => (
          <Kbd key={key} size="xs">
            {key.length === 1 ? key.toUpperCase() : t(`key.${key}`, { defaultValue: key })}
          </Kbd>
        ))}
      </span>
    </span>
  );
}

/** Every key of what is on the screen, on `?`. */
export function ShortcutHelp({ change, close }: { change: (singleKeys: boolean) => void; close: () => void }) {
  const { t } = useTranslation();
  const lists = useStore(shown);
  const on = useStore(singleKeys);
  return (
    <Dialog title={t('help.title')} close={close}>
      <Stack>
        <Table withRowBorders={false} verticalSpacing={6}>
          <Table.Tbody>
            {lists.flat().map(({ keys, label }) => (
              <Table.Tr key={keys + label}>
                <Table.Td>{label}</Table.Td>
                <Table.Td ta="end">
                  <Keys of={keys} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Switch label={t('help.singleKeys')} checked={on} onChange={(event) => change(event.currentTarget.checked)} />
        <Text size="sm" c="dimmed">
          {t('help.singleKeysHint')}
        </Text>
        <Anchor href={GUIDES} target="_blank" size="sm" w="fit-content">
          {t('help.guides')}
        </Anchor>
      </Stack>
    </Dialog>
  );
}
