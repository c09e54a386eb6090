// The page of one cell: its embedding to explore, how its network learned, where it errs, and where it comes from.

import { cellName, cellPageFile, comparison, dataFile, fragment, rootFrom, rowId } from '../anchor.ts';
import { classSilhouetteFigure } from '../figures/class-silhouettes.ts';
import { confusionFigure } from '../figures/confusion.ts';
import { type EmbeddedCell, embeddingRun, embeddingTitle, isEmbedded } from '../figures/embedding.ts';
import { learningRateFigure, lossFigure } from '../figures/losses.ts';
import { absence } from '../page/absence.ts';
import { documentText } from '../page/document.ts';
import { explorer } from '../page/explorer.ts';
import { type Html, html } from '../page/html.ts';
import { plot } from '../page/plot.ts';
import { provenance } from '../page/provenance.ts';
import { attemptTable } from '../page/time-section.ts';
import type { CellResult, DatasetResult, ExperimentResult, TrainingResult } from '../result.ts';
import { resultsTable, rowAddress } from '../table/results-table.ts';
import { scoreText, unscoredText } from '../table/score-text.ts';
import type { EmbeddingAnalysis } from './embedding-analysis.ts';

type ClassAnalysis = Pick<EmbeddingAnalysis, 'confusion' | 'classSilhouettes'>;

/** The page at `cellPageFile(cell.address)`; `analysis` is there where there is an embedding. */
export function cellPage(cell: CellResult, result: ExperimentResult, analysis?: ClassAnalysis): string {
  const dataset = result.datasets[cell.dataset];
  const root = rootFrom(cell.address);
  const explored = dataset && isEmbedded(cell);
  return documentText({
    title: `${cellName(cell)}: ${result.experiment}`,
    scripts: [
      ...(explored ? [`${root}${dataFile(cell.address)}`, `${root}assets/explorer.js`] : []),
      `${root}assets/vega.js`,
      `${root}assets/draw-figures.js`,
    ],
    body: html`<header class="of-cell">
${navigation(cell, result)}
<h1>${cellName(cell)}</h1>
<p class="lede">${dataset ? embeddingRun(cell, dataset) : cell.dataset}</p>
${scores(cell, result)}
</header>
<main>
${explored ? explorer(cell, result.experiment, embeddingTitle(cell, dataset)) : absence(cell, root)}
${explored && analysis && analysis.confusion.length > 0 && classSection(cell, dataset, analysis)}
${cell.training && cell.training.losses.length > 0 && trainingSection(cell, cell.training)}
<section><h2>Where this comes from</h2>${provenance(cell)}
${attemptTable(cell.address, result)}</section>
</main>
<footer><p>Files of this cell: ${
      explored &&
      html`<a href="${root}figures/${cell.address}.vl.json">the embedding as a Vega-Lite
specification with its data</a>, `
    }<a href="${root}table.json">all scores of the experiment</a>.</p></footer>
<div id="tip" role="tooltip" hidden></div>`,
  });
}

function navigation(cell: CellResult, { experiment, cells }: ExperimentResult): Html {
  const root = rootFrom(cell.address);
  const place = cells.findIndex(({ address }) => address === cell.address);
  const link = (other: CellResult | undefined, text: string, rel: string) =>
    other &&
    html`<a rel="${rel}" href="${root}${cellPageFile(other.address)}" title="${cellName(other)}">${text}</a>`;
  const partner = cells.find(other => other !== cell && other.dataset === cell.dataset && isEmbedded(other));
  return html`<nav class="eyebrow" aria-label="Cells"><a rel="up" href="${root}index.html${fragment(rowId(rowAddress(cell)))}">experiment ${experiment}</a>
${link(cells[place - 1], '← previous cell', 'prev')} ${link(cells[place + 1], 'next cell →', 'next')}
${partner && isEmbedded(cell) && html`<a href="${root}${comparison(cell.address, partner.address)}">compare with another</a>`}</nav>`;
}

/** Both scores of the cell, each beside what the paper prints for its row. */
function scores(cell: CellResult, result: ExperimentResult): Html {
  const { knn, silhouette, status } = cell;
  if (knn === undefined && silhouette === undefined)
    return html`<p class="scores absent">${unscoredText(status)}</p>`;
  const [row] = resultsTable({ ...result, cells: [cell] }).rows;
  const paper = (metric: 'knn' | 'silhouette') =>
    row.paper &&
    html` <small>paper ${scoreText(metric, row.paper[metric].mean, row.paper[metric].sd)}</small>`;
  return html`<dl class="scores">
<div><dt>kNN accuracy, %</dt><dd>${scoreText('knn', knn === undefined ? null : 100 * knn) || '–'}${paper('knn')}</dd></div>
<div><dt>silhouette</dt><dd>${scoreText('silhouette', silhouette ?? null) || '–'}${paper('silhouette')}</dd></div>
</dl>`;
}

function classSection(cell: EmbeddedCell, { classes }: DatasetResult, analysis: ClassAnalysis): Html {
  const { confusion, classSilhouettes } = analysis;
  const tested = confusion.flat().reduce((sum, count) => sum + count, 0);
  const confused = `Confusion of classes by the kNN classifier, ${cell.address}`;
  const silhouettes = `Mean silhouette by class, ${cell.address}`;
  return html`<section>
<h2>Class by class</h2>
<div class="cells wide">
<article class="training"><h3>Confusion</h3>
<p class="note">The ${tested} test images of the kNN accuracy: rows are their classes, columns what their neighbours say.</p>
${plot('grid', confusionFigure(confusion, classes, confused), confused)}</article>
<article class="training"><h3>Silhouette</h3>
<p class="note">The mean over each class; the dashed line is the mean over all images.</p>
${plot('grid', classSilhouetteFigure(classSilhouettes, classes, cell.silhouette, silhouettes), silhouettes)}</article>
</div></section>`;
}

function trainingSection({ address }: CellResult, training: TrainingResult): Html {
  const losses = `Loss by epoch, ${address}`;
  const rates = `Learning rate by epoch, ${address}`;
  return html`<section>
<h2>Training</h2>
<div class="cells wide">
<article class="training"><h3>Loss</h3>${plot('curve', lossFigure(training, losses), losses)}</article>
<article class="training"><h3>Learning rate</h3>${plot('curve', learningRateFigure(training, rates), rates)}</article>
</div></section>`;
}
