// One cell on the page: its embedding and scores, or why there are none, and where they come from.
import { cellId, fragment } from '../anchor.ts';
import { embeddingPanel, embeddingTitle, isEmbedded } from '../figures/embedding.ts';
import { learningRateFigure, lossFigure } from '../figures/losses.ts';
import type { CellResult, DatasetResult, TrainingResult } from '../result.ts';
import { rowName } from '../results-table.ts';
import { scoreText } from '../score-text.ts';
import { type Html, html } from './html.ts';
import { plot } from './plot.ts';
import { pointData } from './point-data.ts';
import { provenance } from './provenance.ts';

/** The card that links to a cell lead to. */
export function cellCard(cell: CellResult, dataset: DatasetResult | undefined): Html {
  return html`<article class="cell" id="${cellId(cell.address)}" tabindex="-1">
<h4>${name(cell)}</h4>
<p class="scores">${scores(cell)}</p>
${panel(cell, dataset)}
${provenance(cell)}
</article>`;
}

/** Loss and learning rate of a trained cell. */
export function trainingCard(cell: CellResult & { training: TrainingResult }): Html {
  const losses = `Loss by epoch, ${cell.address}`;
  const rates = `Learning rate by epoch, ${cell.address}`;
  return html`<article class="training">
<h4><a href="${fragment(cellId(cell.address))}">${name(cell)}</a></h4>
${plot('curve', lossFigure(cell.training, losses), losses)}
${plot('curve low', learningRateFigure(cell.training, rates), rates)}
</article>`;
}

export function isTrained(cell: CellResult): cell is CellResult & { training: TrainingResult } {
  return cell.training !== undefined && cell.training.losses.length > 0;
}

function name({ method, augmentation, seed }: CellResult): Html {
  const { group, label } = rowName(method, augmentation ?? null);
  return html`${group}, ${label}${seed !== undefined && html` <small>seed ${seed}</small>`}`;
}

function scores({ knn, silhouette, status }: CellResult): Html {
  if (knn === undefined && silhouette === undefined) return html`<span class="absent">${status}</span>`;
  return html`kNN <b>${scoreText('knn', knn === undefined ? null : 100 * knn) || '–'}</b> %
<span>silhouette <b>${scoreText('silhouette', silhouette ?? null) || '–'}</b></span>`;
}

function panel(cell: CellResult, dataset: DatasetResult | undefined): Html {
  if (dataset && isEmbedded(cell)) {
    const label = `Embedding of ${embeddingTitle(cell, dataset)}`;
    return plot('embedding', embeddingPanel(cell, dataset), label, pointData(cell, dataset));
  }
  return html`<p class="no-embedding">${cell.reason ?? 'This cell has no embedding.'}</p>${lastWords(cell)}`;
}

/** What the failed step's log said last. */
function lastWords({ failure }: CellResult): Html | undefined {
  if (!failure?.lines.length) return undefined;
  return html`<details><summary>${failure.name} in ${failure.step}: its last words</summary>
<pre tabindex="0">${failure.lines.join('\n')}</pre><p>${failure.log}</p></details>`;
}
