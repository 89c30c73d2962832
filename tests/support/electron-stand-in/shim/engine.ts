/** Chromium as the windows see it: opens pages, and closes those that no window asked for. */
import { type Connection, forget, type Session } from '../cdp.ts';

export interface PageTarget {
  readonly targetId: string;
  readonly session: Session;
  readonly closed: Promise<void>;
}

let connection: Connection | undefined;
const arrived = new Map<string, PageTarget>();
let opening = 0;

export function browserSession(): Session {
  if (connection === undefined) throw new Error('Chromium does not run yet');
  return connection.browser;
}

export async function startEngine(started: Connection): Promise<void> {
  connection = started;
  const browser = started.browser;
  const closers = new Map<string, () => void>();
  browser.on('Target.attachedToTarget', ({ sessionId, targetInfo: { targetId, openerId } }) => {
    const closed = Promise.withResolvers<void>();
    closers.set(sessionId, closed.resolve);
    if (opening === 0 || openerId !== undefined) refuse(targetId);
    else arrived.set(targetId, { targetId, session: started.session(sessionId), closed: closed.promise });
  });
  browser.on('Target.detachedFromTarget', ({ sessionId }) => {
    closers.get(sessionId)?.();
    closers.delete(sessionId);
  });
  await browser.send('Target.setAutoAttach', {
    autoAttach: true,
    // A page waits until its scripts are in place.
    waitForDebuggerOnStart: true,
    flatten: true,
    filter: [{ type: 'page' }],
  });
}

export async function openPage(width: number, height: number): Promise<PageTarget> {
  opening++;
  try {
    const wanted = { url: 'about:blank', newWindow: true, width, height };
    const { targetId } = await browserSession().send('Target.createTarget', wanted);
    // Chromium reports a page before it answers the command that opened it.
    const page = arrived.get(targetId);
    if (page === undefined) throw new Error('Chromium opened a page without reporting it');
    arrived.delete(targetId);
    return page;
  } finally {
    opening--;
    if (opening === 0) for (const targetId of arrived.keys()) refuse(targetId);
  }
}

/** Pages come from BrowserWindow alone: real Electron has no `Target.createTarget` either. */
function refuse(targetId: string): void {
  arrived.delete(targetId);
  forget(browserSession().send('Target.closeTarget', { targetId }));
}
