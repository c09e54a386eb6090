// What stands where there is no embedding: why, and the last words of the step that failed.
import type { CellResult } from '../result.ts';
import { type Html, html } from './html.ts';

export function absence({ reason, failure }: CellResult): Html {
  return html`<p class="no-embedding">${reason ?? 'This cell has no embedding.'}</p>${
    failure?.lines.length ? lastWords(failure) : undefined
  }`;
}

function lastWords({ name, step, lines, log }: NonNullable<CellResult['failure']>): Html {
  return html`<details><summary>${name} in ${step}: its last words</summary>
<pre tabindex="0">${lines.join('\n')}</pre><p>${log}</p></details>`;
}
