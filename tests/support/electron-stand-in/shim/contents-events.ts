/** What happens in a page, told under the names of `webContents`' events. */
import type { EventEmitter } from 'node:events';
import { app } from './app.ts';
import { createEvent } from './events.ts';
import type { PageHost } from './page-host.ts';

const LEVELS: Readonly<Record<string, string>> = { error: 'error', warning: 'warning', debug: 'debug' };
const FRAME = [1, 1] as const;

export function forwardPageEvents(contents: EventEmitter, mainFrame: object, page: PageHost): void {
  const tell = (name: string, ...args: unknown[]) => contents.emit(name, createEvent({ sender: contents }), ...args);
  page.on('navigated', (url) => {
    tell('did-navigate', url, 200, 'OK');
    tell('did-frame-navigate', url, 200, 'OK', true, ...FRAME);
  });
  page.on('navigatedWithin', (url) => tell('did-navigate-in-page', url, true, ...FRAME));
  page.on('domReady', () => tell('dom-ready'));
  // For ready-to-show, whichever comes first: a page with nothing to paint is ready too.
  page.once('painted', () => contents.emit('stand-in-presentable'));
  page.once('loaded', () => contents.emit('stand-in-presentable'));
  page.on('loaded', () => {
    tell('did-frame-finish-load', true, ...FRAME);
    tell('did-finish-load');
    tell('did-stop-loading');
  });
  page.on('console', ({ type, args }) => {
    const message = args.map((arg) => String(arg.value ?? arg.description ?? '')).join(' ');
    const event = createEvent({
      message,
      level: LEVELS[type] ?? 'info',
      lineNumber: 0,
      sourceId: '',
      frame: mainFrame,
    });
    contents.emit('console-message', event);
  });
  page.on('crashed', () => {
    const details = { reason: 'crashed', exitCode: 1 };
    tell('render-process-gone', details);
    app.emit('render-process-gone', createEvent({}), contents, details);
  });
}
