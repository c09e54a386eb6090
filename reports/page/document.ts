// What every page of a report has in common: its head, its style, and the rule that it loads nothing from elsewhere.
import { readFileSync } from 'node:fs';
import { type Html, html, trusted } from './html.ts';

export interface Page {
  readonly title: string;
  readonly body: Html;
  /** Scripts beside the page, in the order in which they run, once it is there. */
  readonly scripts?: readonly string[];
}

export function documentText({ title, body, scripts = [] }: Page): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${trusted(style)}</style>
${scripts.map(script => html`<script src="${script}" defer></script>\n`)}</head>
<body>
${body}
</body>
</html>
`.text;
}

/**
 * Only what lies beside the page is loaded, from the file system as from a server. Vega and regl make functions of their
 * expressions, hence `unsafe-eval`; no script stands in a page, so none can be smuggled into it. Only what `simcne serve` adds
 * asks it for news.
 */
const contentSecurityPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'self' file: 'unsafe-eval'; img-src 'self' file: data: blob:; connect-src 'self'";

const style = readFileSync(new URL('./style.css', import.meta.url), 'utf8');
