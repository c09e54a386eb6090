// The page that puts two experiments, or cells of two, side by side: scores, settings that differ, and any two embeddings.
import { chosenPair } from '../anchor.ts';
import { documentText } from '../page/document.ts';
import { type Html, html } from '../page/html.ts';
import type { ExperimentResult } from '../result.ts';
import { differenceText, type Metric, scoreText } from '../table/score-text.ts';
import { type CellChoice, choicesOf, pair } from './compare-page.ts';
import type { ComparisonRow } from './comparison.ts';
import { differingSettings, nameOf } from './comparison-text.ts';

/** One side: what it is called, and the cells of it that are compared. */
export interface ComparedSide {
  readonly name: string;
  readonly result: ExperimentResult;
  /** The way from the page to its report, where that is known. */
  readonly report?: string;
}

/** `rows` are those of both; data of A's cells lie in `a/` beside the page, of B's in `b/`. */
export function comparisonPage(a: ComparedSide, b: ComparedSide, rows: readonly ComparisonRow[]): string {
  const [left, right] = [choicesOf(a.result, 'a'), choicesOf(b.result, 'b')];
  const chosen = firstPair(left, right);
  return documentText({
    title: `${a.name} beside ${b.name}`,
    scripts: chosen ? ['assets/compare.js'] : [],
    body: html`<header class="of-cell">
<p class="eyebrow">A on the left, B on the right</p>
<h1>${a.name} <span class="beside">beside</span> ${b.name}</h1>
<p class="note">A: ${sideText(a)}. B: ${sideText(b)}.</p>
</header>
<main class="comparison">
<section><h2>Scores</h2>${scores(rows, left, right)}</section>
<section><h2>Settings that differ</h2>${settings(rows)}</section>
<section><h2>Two cells side by side</h2>${
      chosen ? pair(left, right, chosen) : html`<p>There is no embedding on one of the sides yet.</p>`
    }</section>
</main>`,
  });
}

function sideText({ name, result, report }: ComparedSide): Html {
  const done = result.cells.filter(({ status }) => status === 'done').length;
  const title = report ? html`<a href="${report}">${result.title}</a>` : result.title;
  return html`${name}, ${title}: ${done} of ${result.cells.length} cells have numbers`;
}

/** The first cell that both have, by its address; else the first of each. */
function firstPair(
  left: readonly CellChoice[],
  right: readonly CellChoice[],
): [CellChoice, CellChoice] | undefined {
  const addressIs = (address: string) => (other: CellChoice) => other.cell.address === address;
  const a = left.find(({ cell }) => right.some(addressIs(cell.address))) ?? left[0];
  const b = a && (right.find(addressIs(a.cell.address)) ?? right[0]);
  return b && [a, b];
}

const metrics = ['knn', 'silhouette'] as const;

function scores(
  rows: readonly ComparisonRow[],
  left: readonly CellChoice[],
  right: readonly CellChoice[],
): Html {
  return html`<div class="scroll" tabindex="0"><table class="settings scores-of-two"><thead>
<tr><th scope="col" rowspan="2">row</th><th scope="colgroup" colspan="3">kNN accuracy, %</th><th scope="colgroup" colspan="3">silhouette</th><td rowspan="2"></td></tr>
<tr>${metrics.map(() => ['A', 'B', 'B − A'].map(side => html`<th scope="col">${side}</th>`))}</tr></thead>
<tbody>${rows.map(
    row =>
      html`<tr><th scope="row">${nameOf(row)}</th>${metrics.map(
        metric => html`<td>${score(metric, row.a)}</td><td>${score(metric, row.b)}</td>
<td>${differenceText(metric, row.difference[metric]) || '–'}</td>`,
      )}<td>${look(row, left, right)}</td></tr>`,
  )}</tbody></table></div>`;
}

function score(metric: Metric, side: ComparisonRow['a']): string {
  return side ? scoreText(metric, side[metric].mean, side[metric].sd) || side.status : '–';
}

/** Leads to the embeddings of a row, its first seed on either side. */
function look(row: ComparisonRow, left: readonly CellChoice[], right: readonly CellChoice[]): Html | false {
  const [a, b] = [choiceOf(row.a, left), choiceOf(row.b, right)];
  return a !== undefined && b !== undefined && html`<a href="${chosenPair(a, b)}">look</a>`;
}

function choiceOf(side: ComparisonRow['a'], choices: readonly CellChoice[]): string | undefined {
  const address = side?.place.split('/').slice(1).join('/');
  return choices.find(({ cell }) => cell.address === address || cell.address.startsWith(`${address}/`))
    ?.value;
}

function settings(rows: readonly ComparisonRow[]): Html {
  const groups = differingSettings(rows);
  if (groups === undefined) return html`<p>They have no row in common.</p>`;
  if (groups.length === 0) return html`<p>All settings are the same.</p>`;
  return html`<div class="scroll" tabindex="0"><table class="settings"><thead><tr><th scope="col">setting</th><th scope="col">A</th>
<th scope="col">B</th><th scope="col">in</th></tr></thead><tbody>${groups.map(
    ({ scope, settings: differing }) =>
      differing.map(
        ({ setting, a, b }) =>
          html`<tr><th scope="row">${setting}</th><td>${a}</td><td>${b}</td><td>${scope || 'all rows'}</td></tr>`,
      ),
  )}</tbody></table></div>`;
}
