// The overview of an experiment as one HTML page that needs nothing else: no network, no server, no script.
import { comparison } from './anchor.ts';
import { colourOnDark } from './figures/class-colours.ts';
import { isEmbedded } from './figures/embedding.ts';
import { type CellPicture, cellCard } from './page/cell-card.ts';
import { claimsSection } from './page/claims-section.ts';
import { documentText } from './page/document.ts';
import { type Html, html } from './page/html.ts';
import { type RowWithCells, scoreTable } from './page/score-table.ts';
import { timeSection } from './page/time-section.ts';
import type { CellResult, CellStatus, DatasetResult, ExperimentResult, ScaledSetting } from './result.ts';
import { resultsTable, rowsOf } from './table/results-table.ts';
import { countText } from './table/score-text.ts';

/** The whole page. `pictures` shows embeddings by their cells' addresses. */
export function reportPage(
  result: ExperimentResult,
  pictures: ReadonlyMap<string, CellPicture> = new Map(),
): string {
  const groups = rowsOf(result.cells);
  const table = resultsTable(result);
  const rows = table.rows.map((row, i) => ({ row, cells: groups[i] }));
  const names = [...new Set(rows.map(({ row }) => row.dataset))];
  return documentText({
    title: `${result.experiment}: ${result.title}`,
    body: html`${header(result)}
<main>
${names.map(name => datasetSection(name, result.datasets[name], rows, pictures))}
${claimsSection(table, result.table1)}
${result.scaledSettings.length > 0 && differences(result.scaledSettings)}
${timeSection(result)}
</main>
${footer(result)}`,
  });
}

function header({ experiment, title, profile, cells, scaledSettings }: ExperimentResult): Html {
  const count = (status: CellStatus) => cells.filter(cell => cell.status === status).length;
  const others = (['failed', 'missing', 'unavailable'] as const)
    .filter(status => count(status) > 0)
    .map(status => `${count(status)} ${status}`);
  return html`<header>
<p class="eyebrow">experiment <b>${experiment}</b> · profile <b>${profile}</b></p>
<h1>${title}</h1>
<p class="lede">Tables 2 and 3 of <cite>Self-supervised Visualisation of Medical Image Datasets</cite> (arXiv 2402.14566v1),
made again. <a href="exhibits.html">All figures and tables.</a> ${[`${count('done')} of ${cells.length} cells have numbers`, ...others].join(', ')}.</p>
${
  scaledSettings.length > 0 &&
  html`<p class="scaled"><b>Scaled down.</b> Other than in the paper are ${list([...new Set(scaledSettings.map(({ setting }) => setting))])}
(<a href="#differences">how</a>): these numbers show the method at work, they do not repeat the paper’s.</p>`
}
</header>`;
}

function datasetSection(
  name: string,
  dataset: DatasetResult | undefined,
  allRows: readonly RowWithCells[],
  pictures: ReadonlyMap<string, CellPicture>,
): Html {
  const rows = allRows.filter(({ row }) => row.dataset === name);
  const cells = rows.flatMap(row => row.cells);
  return html`<section id="${name}">
<h2>${dataset?.title ?? name}</h2>
${dataset && html`<p class="size">${sizeText(dataset)}</p>`}
<h3>Results</h3>
${scoreTable(rows)}
${dataset && html`<p class="note">${noiseText(dataset, rows)}</p>`}
<h3>Embeddings</h3>
${comparable(cells)}
${dataset && classLegend(dataset)}
<div class="cells">${cells.map(cell => cellCard(cell, dataset, pictures.get(cell.address)))}</div>
</section>`;
}

function comparable(cells: readonly CellResult[]): Html | false {
  const [a, b] = cells.filter(isEmbedded);
  return (
    b !== undefined &&
    html`<p class="note">A picture leads to its cell, to be explored image by image.
<a href="${comparison(a.address, b.address)}">Put two side by side.</a></p>`
  );
}

function sizeText({ n, nPaper, own, classes, noClass }: DatasetResult): string {
  const whole = own?.n ?? nPaper ?? n;
  const images = whole === n ? `${countText(n)} images` : `${countText(n)} of ${countText(whole)} images`;
  return `${images}, ${classCountText(classes.length, noClass)}${own ? `; your own, added from ${own.source}${splitOf(own)}` : ''}`;
}

/** How the kNN accuracy's images were split, where that is to be known. */
function splitOf({ group, testedCopies = 0 }: NonNullable<DatasetResult['own']>): string {
  if (group !== undefined) return `; the kNN split keeps each ${group} on one side`;
  return testedCopies > 0 ? `; ${testedCopies} tested images have copies among those learned from` : '';
}

/** `8 classes`, `no classes`, `8 classes, some images without one`. */
function classCountText(shown: number, noClass: number | undefined): string {
  const count = noClass === undefined ? shown : noClass;
  const words = count === 0 ? 'no classes' : `${count} classes`;
  return noClass === undefined || count === 0 ? words : `${words}, some images without one`;
}

/** How far two kNN accuracies may lie apart by chance: one binomial standard error on a tenth of the images. */
function noiseText({ n }: DatasetResult, rows: readonly RowWithCells[]): string {
  const means = rows.flatMap(({ row }) => row.knn.mean ?? []);
  const tested = Math.ceil(0.1 * n);
  const middle = means.length > 0 ? means.reduce((sum, mean) => sum + mean, 0) / means.length / 100 : 0.5;
  const error = 100 * Math.sqrt((middle * (1 - middle)) / tested);
  return `kNN: a 15-nearest-neighbour classifier in the embedding, on a stratified tenth of the images. Those are \
${countText(tested)} here, so one standard error is about ${error.toFixed(1)} points and smaller differences are noise. \
Silhouette: the mean over all images, from −1 to 1. ± is the standard deviation over seeds.`;
}

function classLegend({ classes }: DatasetResult): Html {
  const isColour = (colour: string) => /^#[0-9a-f]{6}$/i.test(colour);
  const colours = new Set(classes.map(({ colour }) => colour)).size;
  return html`<ul class="legend" aria-label="Classes">${classes.map(
    ({ name, short, colour, count }) =>
      html`<li><span class="swatch" ${
        isColour(colour) && html`style="--light: ${colour}; --dark: ${colourOnDark(colour)}"`
      }></span><b>${short}</b> ${name !== short && name} <small>${countText(count)}</small></li>`,
  )}</ul>
${colours < classes.length && html`<p class="note">${classes.length} classes share ${colours} colours; a point’s tip names its class.</p>`}`;
}

function differences(settings: readonly ScaledSetting[]): Html {
  return html`<section id="differences">
<h2>What differs from the paper</h2>
<div class="scroll" tabindex="0"><table class="settings">
<thead><tr><th scope="col">setting</th><th scope="col">here</th><th scope="col">paper</th></tr></thead>
<tbody>${settings.map(
    ({ setting, here, paper }) =>
      html`<tr><th scope="row">${setting}</th><td>${here}</td><td>${paper}</td></tr>`,
  )}</tbody></table></div>
</section>`;
}

function footer({ madeAt, codeVersion }: ExperimentResult): Html {
  return html`<footer><p>Made <time datetime="${madeAt}">${madeAt.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')}</time>
by simcne ${codeVersion}. The same table as data: <a href="table.json">table.json</a>, <a href="table.md">table.md</a>.</p></footer>`;
}

function list(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
