import type { KeyboardEvent } from 'react';

/**
 * Enter in an open list takes the option that is shown as chosen, however fast the letters before it were typed, and
 * never sends the form. Mantine counts that option beside showing it, and on a busy computer its count comes later.
 */
export function takeShown(event: KeyboardEvent<HTMLInputElement>): void {
  const input = event.currentTarget;
  if (event.key !== 'Enter' || event.nativeEvent.isComposing || input.getAttribute('aria-expanded') !== 'true') return;
  event.preventDefault();
  event.stopPropagation();
  const list = document.getElementById(input.getAttribute('aria-controls') ?? '');
  list?.querySelector<HTMLElement>('[data-combobox-selected]')?.click();
}
