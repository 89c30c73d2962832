// What runs in the page: each function stands alone, since Playwright sends its text.

/** Every text that is seen or read aloud. */
export function textsShown(): string[] {
  const texts: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node instanceof Element ? node : node.parentElement;
    if (!element?.checkVisibility() || element.closest('script, style, .kit')) continue;
    if (!(node instanceof Element)) texts.push(node.textContent ?? '');
    // What is hidden from screen readers has no label that anybody hears.
    else if (!element.closest('[aria-hidden="true"]'))
      for (const name of ['aria-label', 'placeholder', 'title', 'alt']) texts.push(node.getAttribute(name) ?? '');
  }
  return [...new Set(texts.map((text) => text.trim()).filter(Boolean))];
}

/** What makes the page, or a dialog on it, scroll sideways. */
export function tooWide(): string[] {
  const boxes = [document.documentElement, ...document.querySelectorAll('[role="dialog"], [role="dialog"] *')];
  return boxes
    .filter((box) => {
      const scrolls = box === document.documentElement || /auto|scroll/.test(getComputedStyle(box).overflowX);
      return scrolls && box.clientWidth > 0 && box.scrollWidth > box.clientWidth + 1;
    })
    .map((box) => `${box.tagName}.${box.className} is ${box.scrollWidth} wide in ${box.clientWidth}`);
}

/** Each text that reaches beyond its button, its panel, or a box that hides what reaches beyond it. */
export function cutOff(): string[] {
  const found: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent?.trim();
    const holder = node.parentElement;
    if (!text || !holder?.checkVisibility() || holder.closest('option, .visually-hidden, .skip')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const shown = range.getBoundingClientRect();
    for (let box: Element | null = holder; box; box = box.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(box);
      if (/auto|scroll/.test(overflowX + overflowY)) break;
      if (!/hidden|clip/.test(overflowX + overflowY) && !box.matches('button, .panel')) continue;
      const { left, right, top, bottom } = box.getBoundingClientRect();
      if (shown.left < left - 1 || shown.right > right + 1 || shown.top < top - 1 || shown.bottom > bottom + 1)
        found.push(text);
    }
  }
  return [...new Set(found)];
}
