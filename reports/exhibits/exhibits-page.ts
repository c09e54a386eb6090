// The page of the paper's figures and tables, as this experiment gives them.

import { documentText } from '../page/document.ts';
import { type Html, html } from '../page/html.ts';
import type { ExperimentResult } from '../result.ts';
import { type DatasetRow, datasetLines } from '../table/dataset-table.ts';
import { type Exhibit, titleOf } from './exhibit.ts';
import { entryText, type ScoreMatrix } from './score-tables.ts';

/** `exhibits.html`. Figures lie beside it in `exhibits/`, each as SVG, PNG and PDF with its specification. */
export function exhibitsPage(
  { experiment, table1 }: ExperimentResult,
  exhibits: readonly Exhibit[],
  matrices: readonly ScoreMatrix[],
): string {
  return documentText({
    title: `Figures and tables of ${experiment}`,
    body: html`<header class="of-cell">
<nav class="eyebrow" aria-label="Report"><a rel="up" href="index.html">experiment ${experiment}</a></nav>
<h1>Figures and tables</h1>
<p class="lede">What the paper shows, drawn from the results of this experiment.</p>
</header>
<main>
${exhibits.map(figure)}
${datasetSection(table1)}
${matrices.map(matrixSection)}
</main>`,
  });
}

function figure({ name, place, caption, spec }: Exhibit): Html {
  const title = titleOf(spec);
  return html`<figure class="exhibit" id="${name}">
<img src="exhibits/${name}.svg" alt="${place}, ${title}" loading="lazy">
<figcaption><b>${place}.</b> ${caption} <span class="files">${['svg', 'png', 'pdf', 'vl.json'].map(
    ending =>
      html`<a href="exhibits/${name}.${ending}">${ending === 'vl.json' ? 'specification with data' : ending.toUpperCase()}</a> `,
  )}</span></figcaption></figure>`;
}

function datasetSection(rows: readonly DatasetRow[]): Html {
  const [headings, ...lines] = datasetLines(rows);
  return html`<section id="table-1"><h2>Table 1</h2><p class="note">Used datasets.</p>
<div class="scroll" tabindex="0"><table class="settings"><thead><tr>${headings.map(text => html`<th scope="col">${text}</th>`)}</tr></thead>
<tbody>${lines.map(
    ([title, ...texts]) =>
      html`<tr><th scope="row">${title}</th>${texts.map(text => html`<td>${text}</td>`)}</tr>`,
  )}</tbody></table></div>
${tableFiles(1)}</section>`;
}

function matrixSection({ metric, title, datasets, rows }: ScoreMatrix): Html {
  const number = metric === 'knn' ? 2 : 3;
  return html`<section id="table-${number}"><h2>Table ${number}</h2>
<p class="note">${title.replace(/^Table \d: /, '')} The best of each column is bold.</p>
<div class="scroll" tabindex="0"><table class="settings"><thead><tr><th scope="col">method</th>${datasets.map(
    dataset => html`<th scope="col">${dataset}</th>`,
  )}</tr></thead>
<tbody>${rows.map(
    ({ group, label, entries }) =>
      html`<tr><th scope="row">${group}, ${label}</th>${entries.map(entry => {
        const text = entryText(metric, entry);
        return html`<td>${entry?.isBest ? html`<b>${text}</b>` : text}</td>`;
      })}</tr>`,
  )}</tbody></table></div>
${tableFiles(number)}</section>`;
}

function tableFiles(number: number): Html {
  const file = `exhibits/table-${number}`;
  return html`<p class="note"><a href="${file}.csv">CSV</a> <a href="${file}.md">Markdown</a> <a href="${file}.tex">LaTeX</a></p>`;
}
