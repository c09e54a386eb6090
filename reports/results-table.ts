// The results table: cells grouped into the rows of the paper's Tables 2 and 3, beside the printed numbers.
import * as arquero from 'arquero';
import { type PrintedNumber, paperDatasets, paperRows, paperScores } from '../experiments/paper-numbers.ts';
import type { CellResult, CellStatus, ExperimentResult, ScaledSetting } from './result.ts';

/** One score of a row over its seeds; `sd` is the sample standard deviation, null for fewer than two values. */
export interface Spread {
  readonly mean: number | null;
  readonly sd: number | null;
  readonly values: readonly number[];
}

/** One dataset × method × augmentation set. kNN in percent, at full precision. */
export interface ResultsRow {
  readonly dataset: string;
  readonly method: string;
  readonly augmentation: string | null;
  readonly seeds: readonly number[];
  readonly status: CellStatus;
  readonly knn: Spread;
  readonly silhouette: Spread;
  readonly paper: { readonly knn: PrintedNumber; readonly silhouette: PrintedNumber } | null;
  /** Why numbers lack, cell by cell; null where none do. */
  readonly note: string | null;
}

export interface ResultsTable {
  readonly experiment: string;
  readonly profile: string;
  readonly scaledSettings: readonly ScaledSetting[];
  readonly rows: readonly ResultsRow[];
}

/** The table of an experiment: datasets and rows in the paper's order, those that it has not after them. */
export function resultsTable({ experiment, profile, scaledSettings, cells }: ExperimentResult): ResultsTable {
  return { experiment, profile, scaledSettings, rows: rowsOf(cells).map(resultsRow) };
}

/** Cells in groups of one dataset × method × augmentation set, groups in the table's order, seeds ascending. */
export function rowsOf(cells: readonly CellResult[]): CellResult[][] {
  const keyed = cells.map(cell => ({
    cell,
    dataset: cell.dataset,
    row: [cell.dataset, cell.method, cell.augmentation].join('/'),
    datasetOrder: orderIn(paperDatasets, dataset => dataset === cell.dataset),
    rowOrder: orderIn(
      paperRows,
      row => row.method === cell.method && row.augmentation === (cell.augmentation ?? null),
    ),
    seed: cell.seed ?? 0,
  }));
  const rows = arquero
    .from(keyed)
    .orderby('seed')
    .groupby('datasetOrder', 'dataset', 'rowOrder', 'row')
    .rollup({ cells: arquero.op.array_agg('cell') })
    .orderby('datasetOrder', 'dataset', 'rowOrder', 'row');
  return [...rows.array('cells')] as CellResult[][];
}

/** The paper's words for a row; ours for what the paper has not. */
export function rowName(method: string, augmentation: string | null): { group: string; label: string } {
  const row = paperRows.find(row => row.method === method && row.augmentation === augmentation);
  return row ?? { group: method, label: augmentation ?? method };
}

/** `dataset/method/augmentation`: the address that a row's cells have in common. */
export function rowAddress(row: Pick<ResultsRow, 'dataset' | 'method' | 'augmentation'>): string {
  return [row.dataset, row.method, row.augmentation].filter(Boolean).join('/');
}

function resultsRow(cells: CellResult[]): ResultsRow {
  const [{ dataset, method, augmentation = null }] = cells;
  return {
    dataset,
    method,
    augmentation,
    seeds: cells.flatMap(cell => cell.seed ?? []),
    status: worst(cells),
    knn: spread(cells.flatMap(cell => (cell.knn === undefined ? [] : 100 * cell.knn))),
    silhouette: spread(cells.flatMap(cell => cell.silhouette ?? [])),
    paper: paperScores(dataset, method, augmentation),
    note: noteOn(cells),
  };
}

function spread(values: number[]): Spread {
  if (values.length === 0) return { mean: null, sd: null, values };
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : null, values };
}

const worstFirst: readonly CellStatus[] = ['failed', 'missing', 'unavailable', 'done'];

function worst(cells: readonly CellResult[]): CellStatus {
  return worstFirst.find(status => cells.some(cell => cell.status === status))!;
}

function noteOn(cells: readonly CellResult[]): string | null {
  const notes = cells
    .filter(cell => cell.status !== 'done')
    .map(({ seed, status, reason }) =>
      [cells.length > 1 && seed !== undefined ? `seed ${seed} ${status}` : status, reason]
        .filter(Boolean)
        .join(': '),
    );
  return notes.length > 0 ? notes.join('; ') : null;
}

function orderIn<T>(list: readonly T[], matches: (item: T) => boolean): number {
  const index = list.findIndex(matches);
  return index < 0 ? list.length : index;
}
