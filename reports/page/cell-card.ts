// One cell in the overview: a picture of its embedding and its scores, and the way to its page.
import { cellId, cellName, cellPageFile } from '../anchor.ts';
import { embeddingTitle } from '../figures/embedding.ts';
import type { CellResult, DatasetResult } from '../result.ts';
import { scoreText, unscoredText } from '../table/score-text.ts';
import { absence } from './absence.ts';
import { type Html, html } from './html.ts';

/** An embedding as PNG, for light and for dark backgrounds. */
export interface CellPicture {
  readonly light: Uint8Array;
  readonly dark: Uint8Array;
}

/** The card that links to a cell lead to. */
export function cellCard(
  cell: CellResult,
  dataset: DatasetResult | undefined,
  picture: CellPicture | undefined,
): Html {
  return html`<article class="cell" id="${cellId(cell.address)}" tabindex="-1">
<h4><a href="${cellPageFile(cell.address)}">${cellName(cell)}</a></h4>
<p class="scores">${scores(cell)}</p>
${dataset && picture ? pictureLink(cell, dataset, picture) : absence(cell)}
</article>`;
}

function pictureLink(cell: CellResult, dataset: DatasetResult, { light, dark }: CellPicture): Html {
  return html`<a class="picture-link" href="${cellPageFile(cell.address)}"><picture>
<source media="(prefers-color-scheme: dark)" srcset="${dataUri(dark)}">
<img src="${dataUri(light)}" width="400" height="400" alt="Embedding of ${embeddingTitle(cell, dataset)}">
</picture></a>`;
}

function scores({ knn, silhouette, status }: CellResult): Html {
  if (knn === undefined && silhouette === undefined)
    return html`<span class="absent">${unscoredText(status)}</span>`;
  return html`kNN <b>${scoreText('knn', knn === undefined ? null : 100 * knn) || '–'}</b> %
<span>silhouette <b>${scoreText('silhouette', silhouette ?? null) || '–'}</b></span>`;
}

function dataUri(png: Uint8Array): string {
  return `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
}
