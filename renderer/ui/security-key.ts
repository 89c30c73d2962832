import type { KeyAnswer, KeyOptions, KeyQuestion, NewKey } from '../../contract/second-factor.ts';

/** It is loaded where somebody has, or adds, a security key. */
const webauthn = () => import('@simplewebauthn/browser');

/** Whether this page can ask a security key: a safe one, whose address has a name. The desktop app's has none. */
export const canAskKeys = (page: Window): boolean =>
  page.isSecureContext &&
  'PublicKeyCredential' in page &&
  page.medlane === undefined &&
  !/^[\d.]+$|^\[/.test(page.location.hostname);

/** The same page under a name, where this computer is the server; null where that would not help. */
export const namedAddress = ({ location, medlane }: Window): string | null =>
  medlane === undefined && location.hostname === '127.0.0.1' ? location.origin.replace('127.0.0.1', 'localhost') : null;

/** Asks a new key of its owner. Null when they did not, or it was not one that may be added. */
export async function makeKey(optionsJSON: KeyOptions): Promise<NewKey | null> {
  const { startRegistration } = await webauthn();
  const made = await startRegistration({ optionsJSON: optionsJSON as never }).catch(() => null);
  if (!made) return null;
  const { clientDataJSON, attestationObject, transports = [] } = made.response;
  return { id: made.id, clientDataJSON, attestationObject, transports: [...transports] };
}

let stop = (): void => {};
/** Whoever types a code instead, or goes away, is asked for no key any more. */
export const stopAsking = (): void => stop();

/** Asks for one of the keys that somebody has. Null when they did not show it; undefined when the asking was stopped. */
export async function askKey(optionsJSON: KeyQuestion): Promise<KeyAnswer | null | undefined> {
  const { startAuthentication, WebAuthnAbortService } = await webauthn();
  stop = () => WebAuthnAbortService.cancelCeremony();
  try {
    const { id, response } = await startAuthentication({ optionsJSON: optionsJSON as never });
    const { clientDataJSON, authenticatorData, signature } = response;
    return { id, clientDataJSON, authenticatorData, signature };
  } catch (error) {
    return (error as { code?: string }).code === 'ERROR_CEREMONY_ABORTED' ? undefined : null;
  }
}
