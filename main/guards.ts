import { type App, type Session, shell, type WebContents } from 'electron';
import { APP_ORIGIN, isOurPage } from './protocol.ts';

type Options = Readonly<{
  /** Hosts whose pages a link may open in the system's browser. */
  outside: readonly string[];
  /** Opens one of our own pages in a window of its own. */
  open: (url: string) => void;
  /** The developer tools, which a shipped program has not. */
  tools: boolean;
}>;

/** Every page, whoever made it: goes nowhere but to our own screens, and opens nothing by itself. */
export function guardPages(app: App, options: Options): void {
  app.on('web-contents-created', (_event, contents) => guardPage(contents, options));
}

function guardPage(contents: WebContents, { outside, open }: Options): void {
  const stay = (event: { preventDefault: () => void }, url: string) => {
    if (!isOurPage(url)) event.preventDefault();
  };
  contents.on('will-navigate', (event, url) => stay(event, url));
  contents.on('will-redirect', (event, url) => stay(event, url));
  contents.on('will-frame-navigate', (event) => isPaperInFrame(event) || stay(event, event.url));
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (isOurPage(url)) open(url);
    else if (mayOpenOutside(url, outside)) void shell.openExternal(url);
    // Always: a window of the page's own making would hold a handle on the page.
    return { action: 'deny' };
  });
}

/** Chromium's own viewer, in which a paper is looked at before it is printed, and from which it is printed. */
const PDF_VIEWER = 'chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai/';

/** A paper that the page holds itself, in a frame within it: never the window's own page. */
export const isPaperInFrame = ({ url, isMainFrame }: Readonly<{ url: string; isMainFrame: boolean }>): boolean =>
  !isMainFrame && (url.startsWith(`blob:${APP_ORIGIN}/`) || url.startsWith(PDF_VIEWER));

/** Only what is on the list, and nothing that could carry a record out in the address. */
export function mayOpenOutside(address: string, hosts: readonly string[]): boolean {
  const url = URL.canParse(address) ? new URL(address) : null;
  return (
    url?.protocol === 'https:' && hosts.includes(url.host) && !url.username && !url.password && !url.search && !url.hash
  );
}

/** The windows' session: no permission but to fill the screen, no network, and no dictionary that reads along. */
export function guardSession(session: Session, { tools }: Pick<Options, 'tools'>): void {
  session.setPermissionRequestHandler((_contents, permission, decide, { requestingUrl }) =>
    decide(permission === 'fullscreen' && isOurPage(requestingUrl)),
  );
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest(({ url }, decide) => {
    // `blob:` holds what the page itself made (a file to save); `data:` its small pictures.
    const ours =
      isOurPage(url) ||
      url.startsWith(`blob:${APP_ORIGIN}/`) ||
      url.startsWith('data:image/') ||
      url.startsWith(PDF_VIEWER);
    decide({ cancel: !ours && !(tools && url.startsWith('devtools:')) });
  });
}
