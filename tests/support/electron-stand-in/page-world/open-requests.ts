/**
 * Second windows, caught in the page before Chromium makes one. Chromium would first open the window and let the
 * host close it again; Electron asks `setWindowOpenHandler` before there is any, and `window.open` returns null.
 */
import type { OpenRequest } from './messages.ts';

type Ask = (request: OpenRequest) => void;

/** In the page's world, since this function is the page's. */
export function replaceWindowOpen(ask: Ask): void {
  const native = window.open.bind(window);
  const open = (url: string | URL = '', target = '_blank', features = ''): Window | null => {
    if (staysHere(target)) return native(url, target, features);
    const full = URL.canParse(String(url), document.baseURI) ? new URL(url, document.baseURI).href : 'about:blank';
    const disposition = features === '' ? 'foreground-tab' : 'new-window';
    ask({ url: full, frameName: target === '_blank' ? '' : target, features, disposition });
    return null;
  };
  window.open = open;
}

/** In the isolated world; last to see a click, so that a page's own handler may still take it. */
export function watchLinks(ask: Ask): void {
  const onClick = (event: MouseEvent) => {
    const link = event
      .composedPath()
      .find((node) => node instanceof HTMLAnchorElement || node instanceof HTMLAreaElement);
    if (event.defaultPrevented || event.button > 1 || !link?.href || link.hasAttribute('download')) return;
    const target = link.target || document.querySelector('base')?.target || '_self';
    const background = event.button === 1 || event.ctrlKey || event.metaKey;
    if (!background && !event.shiftKey && staysHere(target)) return;
    event.preventDefault();
    const disposition = background ? 'background-tab' : event.shiftKey ? 'new-window' : 'foreground-tab';
    ask({ url: link.href, frameName: target.startsWith('_') ? '' : target, features: '', disposition });
  };
  window.addEventListener('click', onClick);
  window.addEventListener('auxclick', onClick);
}

function staysHere(target: string): boolean {
  return /^_(self|top|parent)$/i.test(target) || (target !== '_blank' && document.getElementsByName(target).length > 0);
}
