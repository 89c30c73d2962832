import { HOME } from './protocol.ts';
import type { Texts } from './texts.ts';

/** What is shown where the screens themselves keep ending: words and a way back, without a script. */
export function troublePage({ t, language, direction }: Texts): string {
  return `<!doctype html>
<html lang="${language()}" dir="${direction()}">
<meta charset="utf-8">
<title>Medlane</title>
<style>
  :root { color-scheme: light dark; font: 1.0625rem/1.6 Inter, "Segoe UI", system-ui, "Noto Sans", "Noto Nastaliq Urdu", sans-serif }
  body { display: grid; place-items: center; min-height: 100dvh; margin: 0; padding: 2rem; box-sizing: border-box;
    background: light-dark(#f6f8f9, #16191b); color: light-dark(#1f2a30, #e3e8ea) }
  main { max-width: 34rem; padding: 2.5rem; border: 1px solid light-dark(#d5dde1, #394147); border-radius: .75rem;
    background: light-dark(#fff, #1f2427) }
  h1 { margin: 0 0 1rem; font-size: 1.5rem }
  p { margin: 0 0 1rem }
  :lang(ur) { line-height: 2.1 }
  a { display: inline-block; margin-top: .5rem; padding: .6rem 1.25rem; border-radius: .5rem; font-weight: 600;
    text-decoration: none; background: #19718d; color: #fff }
  a:focus-visible { outline: 3px solid #19718d; outline-offset: 3px }
</style>
<main>
  <h1>${escaped(t('desktop.trouble.title'))}</h1>
  <p>${escaped(t('desktop.trouble.what'))}</p>
  <p>${escaped(t('desktop.trouble.do'))}</p>
  <a href="${HOME}" autofocus>${escaped(t('desktop.trouble.again'))}</a>
</main>
</html>
`;
}

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign);
