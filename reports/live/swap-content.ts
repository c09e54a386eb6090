// Puts what a page has become in place of what it shows, without moving the reader.

/** Fetches the page's own address again; title and main part are replaced, the place of scroll and focus stays. */
export async function swapContent(): Promise<void> {
  const response = await fetch(location.pathname, { cache: 'no-store' });
  if (!response.ok) return; // it is tried again with the next news
  const next = new DOMParser().parseFromString(await response.text(), 'text/html');
  for (const part of ['body > header', 'body > main', 'body > footer']) {
    const [old, fresh] = [document.querySelector(part), next.querySelector(part)];
    if (old && fresh) replaceContents(old, [...document.adoptNode(fresh).childNodes]);
  }
}

/** A link that had the focus has it still, if there is such a link again. */
export function replaceContents(place: Element, contents: readonly (Node | string)[]): void {
  const focused = place.contains(document.activeElement) && document.activeElement?.getAttribute('href');
  place.replaceChildren(...contents);
  if (focused)
    place.querySelector<HTMLElement>(`[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}
