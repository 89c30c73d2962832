/**
 * `protocol`: the app's own schemes. Chromium cannot intercept a scheme it does not know, so inside the page
 * `app://clinic/…` is `https://clinic.app.invalid/…` — a secure context that no name server will ever answer —
 * and every address that reaches the main process is turned back.
 */
import { requireNotReady } from './lifecycle.ts';
import { notImplemented } from './stubs.ts';

export type ProtocolHandler = (request: Request) => Response | Promise<Response>;

interface CustomScheme {
  scheme: string;
  privileges?: { standard?: boolean; secure?: boolean; supportFetchAPI?: boolean };
}

const privileged = new Map<string, NonNullable<CustomScheme['privileges']>>();
const handlers = new Map<string, ProtocolHandler>();

export const protocol = {
  registerSchemesAsPrivileged: (schemes: readonly CustomScheme[]) => {
    requireNotReady('protocol.registerSchemesAsPrivileged');
    for (const { scheme, privileges = {} } of schemes) privileged.set(scheme, privileges);
  },
  handle: (scheme: string, handler: ProtocolHandler) => {
    if (handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`);
    const { standard, secure } = privileged.get(scheme) ?? {};
    // In the page every scheme is https here, so a missing privilege would show on real Electron only.
    if (!standard || !secure) console.error(`electron stand-in: "${scheme}" is not registered as standard and secure`);
    handlers.set(scheme, handler);
  },
  unhandle: (scheme: string) => {
    if (!handlers.delete(scheme)) throw new Error(`Failed to unhandle protocol: ${scheme}`);
  },
  isProtocolHandled: (scheme: string) => handlers.has(scheme),
  registerFileProtocol: notImplemented('protocol.registerFileProtocol'),
  registerBufferProtocol: notImplemented('protocol.registerBufferProtocol'),
  registerStringProtocol: notImplemented('protocol.registerStringProtocol'),
  registerHttpProtocol: notImplemented('protocol.registerHttpProtocol'),
  registerStreamProtocol: notImplemented('protocol.registerStreamProtocol'),
};

export function handlerFor(appUrl: string): ProtocolHandler | undefined {
  return handlers.get(schemeOf(appUrl));
}

export function isOwnScheme(appUrl: string): boolean {
  return ownSchemes().includes(schemeOf(appUrl));
}

export function ownSchemes(): string[] {
  return [...new Set([...privileged.keys(), ...handlers.keys()])];
}

/** `app://clinic/a` to `https://clinic.app.invalid/a`; other addresses stay as they are. */
export function toPageUrl(url: string): string {
  const [, scheme = '', host = '', rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/is.exec(url) ?? [];
  if (!ownSchemes().includes(scheme.toLowerCase())) return url;
  return `https://${host}.${scheme.toLowerCase()}.invalid${rest.startsWith('/') ? '' : '/'}${rest}`;
}

/** The way back. */
export function toAppUrl(url: string): string {
  const [, host = '', scheme = '', rest = ''] =
    /^https:\/\/([^/?#]*)\.([a-z0-9+-]+)\.invalid(?::443)?(.*)$/is.exec(url) ?? [];
  return ownSchemes().includes(scheme) ? `${scheme}://${host}${rest}` : url;
}

export function appOrigin(appUrl: string): string {
  return isOwnScheme(appUrl) ? (/^[^:]+:\/\/[^/?#]*/.exec(appUrl)?.[0] ?? 'null') : safeOrigin(appUrl);
}

/** Names of the app's schemes inside a Content-Security-Policy, as the page must read them. */
export function rewritePolicy(policy: string): string {
  return ownSchemes().reduce(
    (text, scheme) =>
      text.replace(new RegExp(`(?<![\\w.-])${scheme}:(?://([\\w.*-]+))?`, 'g'), (_, host: string | undefined) =>
        toPageUrl(`${scheme}://${host ?? '*'}`).replace(/\/$/, ''),
      ),
    policy,
  );
}

/** A page's own text: its policy in a meta tag, and full addresses in its attributes and style sheets. */
export function rewriteDocument(text: string): string {
  const meta = /(<meta[^>]*http-equiv=["']?content-security-policy["']?[^>]*>)/gi;
  const withPolicy = text.replace(meta, (tag) => rewritePolicy(tag));
  return ownSchemes().reduce(
    (html, scheme) =>
      html.replace(new RegExp(`(?<=["'(=\\s])${scheme}://[\\w.-]+`, 'g'), (url) => toPageUrl(url).replace(/\/$/, '')),
    withPolicy,
  );
}

function schemeOf(url: string): string {
  return url.slice(0, Math.max(0, url.indexOf(':'))).toLowerCase();
}

function safeOrigin(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : 'null';
}
