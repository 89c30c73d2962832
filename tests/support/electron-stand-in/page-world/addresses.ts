/**
 * Addresses between the two worlds of a page. One that the main process hands the page (a ticket for a file, say) must
 * work there: `app://clinic/t/1` becomes `https://clinic.app.invalid/t/1`, and the other way round on its way back.
 * Only text that is nothing but an address is touched.
 */

type MapText = (text: string) => string;

export function addressForPage(schemes: readonly string[]): MapText {
  const pattern = new RegExp(`^(${schemes.join('|')})://([\\w.-]+)(/\\S*)?$`);
  const replace: MapText = (text) =>
    text.replace(pattern, (_, scheme, host, rest = '/') => `https://${host}.${scheme}.invalid${rest}`);
  return schemes.length === 0 ? (text) => text : replace;
}

export function addressForMain(schemes: readonly string[]): MapText {
  const pattern = new RegExp(`^https://([\\w.-]+)\\.(${schemes.join('|')})\\.invalid(/\\S*)?$`);
  const replace: MapText = (text) =>
    text.replace(pattern, (_, host, scheme, rest = '/') => `${scheme}://${host}${rest}`);
  return schemes.length === 0 ? (text) => text : replace;
}
