/** Tells the document's title, and each change of it. Chromium's own reports mix it with addresses while it loads. */
export function watchTitle(tell: (title: string) => void): void {
  const report = () => {
    if (document.title !== '') tell(document.title);
  };
  document.addEventListener('DOMContentLoaded', () => {
    report();
    new MutationObserver(report).observe(document.head, { childList: true, subtree: true, characterData: true });
  });
}
