// The results table of one dataset: a row per method and augmentation set, each number beside the paper's, if it has any.
import { cellPageFile, rowId } from '../anchor.ts';
import type { CellResult } from '../result.ts';
import { type ResultsRow, rowAddress, rowName, type Spread } from '../table/results-table.ts';
import { type Metric, scoreText, unscoredText } from '../table/score-text.ts';
import { type Html, html } from './html.ts';

/** A row of the table with its cells, seeds ascending. */
export interface RowWithCells {
  readonly row: ResultsRow;
  readonly cells: readonly CellResult[];
}

const metrics = ['knn', 'silhouette'] as const;

export function scoreTable(rows: readonly RowWithCells[]): Html {
  const ranges = { knn: rangeOf('knn', rows), silhouette: rangeOf('silhouette', rows) };
  const groups = [...new Set(rows.map(({ row }) => groupOf(row)))];
  const besidePaper = rows.some(({ row }) => row.paper);
  const sides = besidePaper ? ['here', 'paper'] : ['here'];
  return html`<div class="scroll" tabindex="0"><table class="results">
<thead><tr><th scope="col" rowspan="2">method</th>
<th scope="colgroup" colspan="${sides.length}">kNN accuracy, %</th>${key(sides)}<th scope="colgroup" colspan="${sides.length}">silhouette</th>${key(sides)}</tr>
<tr>${metrics.map(() => sides.map(side => html`<th scope="col">${side}</th>`))}</tr></thead>
${groups.map(
  group => html`<tbody><tr class="group"><th scope="rowgroup" colspan="${columnsOf(besidePaper)}">${group}</th></tr>
${rows.filter(({ row }) => groupOf(row) === group).map(row => tableRow(row, ranges, besidePaper))}</tbody>`,
)}</table></div>`;
}

const key = (sides: string[]) =>
  html`<td class="dots" rowspan="2" aria-hidden="true">${sides.map(
    side => html`<span class="key ${side}">${side}</span> `,
  )}</td>`;

const columnsOf = (besidePaper: boolean) => (besidePaper ? 7 : 5);

const groupOf = (row: ResultsRow) => rowName(row).group;

function tableRow({ row, cells }: RowWithCells, ranges: Record<Metric, Range>, besidePaper: boolean): Html {
  const { label } = rowName(row);
  const reasons = cells
    .filter(({ reason, status }) => reason && status !== 'done')
    .map(({ seed, reason }) => (cells.length > 1 ? `seed ${seed}: ${reason}` : reason));
  return html`<tr id="${rowId(rowAddress(row))}"><th scope="row">${label}</th>
${metrics.map(
  metric => html`<td class="here">${ours(metric, row, cells)}</td>
${besidePaper && html`<td class="paper">${row.paper ? number(metric, row.paper[metric].mean, row.paper[metric].sd) : '–'}</td>`}
<td class="dots">${dots(row[metric], row.paper?.[metric].mean ?? null, ranges[metric])}</td>`,
)}</tr>
${reasons.map(reason => html`<tr class="reason"><td colspan="${columnsOf(besidePaper)}">${reason}</td></tr>`)}`;
}

/** The mean over seeds with each seed's value below it; for one seed its value; for none how the cells ended. */
function ours(metric: Metric, row: ResultsRow, cells: readonly CellResult[]): Html {
  const { mean, sd } = row[metric];
  if (cells.length === 1) return seedNumber(metric, cells[0]);
  const address = rowAddress(row);
  return html`${
    mean !== null &&
    html`<span data-cell="${address}" data-metric="${metric}" data-value="${mean}">${number(metric, mean, sd)}</span>`
  }
<small>${cells.map(cell => html`${seedNumber(metric, cell)} `)}</small>`;
}

function seedNumber(metric: Metric, cell: CellResult): Html {
  const value = metric === 'knn' ? cell.knn && 100 * cell.knn : cell.silhouette;
  if (value !== undefined) return cellNumber(metric, cell, value);
  return html`<a class="absent" href="${cellPageFile(cell.address)}">${unscoredText(cell.status)}</a>`;
}

function cellNumber(metric: Metric, { address }: CellResult, value: number): Html {
  return html`<a href="${cellPageFile(address)}" data-cell="${address}" data-metric="${metric}" data-value="${value}"
>${scoreText(metric, value)}</a>`;
}

function number(metric: Metric, mean: number | null, sd: number | null): Html {
  const [value, spread] = scoreText(metric, mean, sd).split(' ± ');
  return html`${value} <span class="sd">${spread && `± ${spread}`}</span>`;
}

type Range = readonly [low: number, high: number];

/** Every number of a column fits: kNN from the ten below the lowest to 100, silhouette at least from 0 to the highest. */
function rangeOf(metric: Metric, rows: readonly RowWithCells[]): Range {
  const numbers = rows.flatMap(({ row }) => [...row[metric].values, row.paper?.[metric].mean ?? []].flat());
  if (metric === 'knn') return [Math.floor(Math.min(90, ...numbers) / 10) * 10, 100];
  return [Math.min(0, ...numbers), Math.max(0.1, ...numbers)];
}

/** Ours as filled dots and the paper's as a ring on one line: the numbers at a glance, so hidden from screen readers. */
function dots({ values }: Spread, paper: number | null, [low, high]: Range): Html {
  const place = (value: number) => (5 + (90 * (value - low)) / (high - low)).toFixed(1);
  return html`<svg viewBox="0 0 100 12" aria-hidden="true"><line x1="2" x2="98" y1="6" y2="6" />
${low < 0 && html`<line class="zero" x1="${place(0)}" x2="${place(0)}" y1="2" y2="10" />`}
${paper !== null && html`<circle class="paper" cx="${place(paper)}" cy="6" r="3.2" />`}
${values.map(value => html`<circle class="here" cx="${place(value)}" cy="6" r="3.2" />`)}</svg>`;
}
