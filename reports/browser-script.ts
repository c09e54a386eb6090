// The report's scripts for the browser, each a file that stands alone.
import { readFile } from 'node:fs/promises';

/** `live` is of served pages; the others lie in a report. */
export type BrowserScript = 'explorer' | 'compare' | 'draw-figures' | 'vega' | 'live';

export function browserScript(name: BrowserScript): Promise<string> {
  return readFile(new URL(`../dist/browser/${name}.js`, import.meta.url), 'utf8');
}
