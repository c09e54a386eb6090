// What stands where there is no embedding: why, and the last words of the step that failed.
import type { CellResult } from '../result.ts';
import { type Html, html } from './html.ts';

/** `root` is the way to the report's folder. */
export function absence({ reason, failure }: CellResult, root = ''): Html {
  return html`<p class="no-embedding">${reason ?? 'This cell has no embedding.'}</p>${
    failure?.lines.length ? lastWords(failure, root) : undefined
  }`;
}

function lastWords({ name, step, lines, log }: NonNullable<CellResult['failure']>, root: string): Html {
  return html`<details><summary>${name} in ${step}: its last words</summary>
<pre tabindex="0">${lines.join('\n')}</pre><p>${log && html`<a href="${root}${log}">the whole log</a>`}</p></details>`;
}
