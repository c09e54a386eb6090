// The results table: cells grouped into the rows of the paper's Tables 2 and 3, beside the printed numbers.
import * as arquero from 'arquero';
import { printedClaim } from '../../experiments/paper-claims.ts';
import { type PaperScores, paperDatasets, paperRows, paperScores } from '../../experiments/paper-numbers.ts';
import type { CellResult, CellStatus, DatasetResult, ExperimentResult, ScaledSetting } from '../result.ts';
import { unscoredText } from './score-text.ts';
import { judgeTextClaims, type TextClaimVerdict } from './text-claim-verdict.ts';
import { judge, type Verdicts, verdictText } from './verdict.ts';

/**
 * One score of a row over its seeds; `sd` is null for fewer than two values. It is the sample standard deviation (n − 1): of
 * three runs an estimate for runs in general. The paper does not say which it prints; NumPy's default (n) would be 0.82 times this.
 */
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
  /** Which point of a grid it is, where the experiment spans one. */
  readonly variant?: string;
  readonly seeds: readonly number[];
  readonly status: CellStatus;
  readonly knn: Spread;
  readonly silhouette: Spread;
  readonly paper: PaperScores | null;
  /** How both scores stand to the paper's. */
  readonly verdicts: Verdicts;
  /** Why numbers lack, cell by cell; null where none do. */
  readonly lacking: string | null;
  /** The row in words: its verdicts, and why numbers lack. */
  readonly note: string | null;
}

export interface ResultsTable {
  readonly experiment: string;
  readonly profile: string;
  readonly scaledSettings: readonly ScaledSetting[];
  readonly rows: readonly ResultsRow[];
  /** What the paper's text says of these datasets, and whether it holds here. */
  readonly claims: readonly TextClaimVerdict[];
}

/** The table of an experiment: datasets and rows in the paper's order, those that it has not after them, as they come. */
export function resultsTable({
  experiment,
  profile,
  scaledSettings,
  cells,
  datasets,
}: ExperimentResult): ResultsTable {
  const rows = rowsOf(cells).map(group => resultsRow(group, profile, splitText(datasets[group[0].dataset])));
  return { experiment, profile, scaledSettings, rows, claims: judgeTextClaims(rows, profile) };
}

/** Cells in groups of one dataset × method × augmentation set, groups in the table's order, seeds ascending. */
export function rowsOf(cells: readonly CellResult[]): CellResult[][] {
  const datasets = [...new Set<string>([...paperDatasets, ...cells.map(({ dataset }) => dataset)])];
  const keyed = cells.map(cell => ({
    cell,
    row: [cell.dataset, cell.method, cell.augmentation, cell.variant].join('/'),
    datasetOrder: datasets.indexOf(cell.dataset),
    rowOrder: orderIn(
      paperRows,
      row => row.method === cell.method && row.augmentation === (cell.augmentation ?? null),
    ),
    seed: cell.seed ?? 0,
  }));
  const rows = arquero
    .from(keyed)
    .orderby('seed')
    .groupby('datasetOrder', 'rowOrder', 'row')
    .rollup({ cells: arquero.op.array_agg('cell') })
    .orderby('datasetOrder', 'rowOrder', 'row');
  return [...rows.array('cells')] as CellResult[][];
}

/** What tells the rows of one dataset apart. */
export interface RowKind {
  readonly method: string;
  readonly augmentation?: string | null;
  readonly variant?: string;
}

/** The paper's words for a row; ours for what the paper has not. */
export function rowName({ method, augmentation = null, variant }: RowKind): { group: string; label: string } {
  const row = paperRows.find(row => row.method === method && row.augmentation === augmentation);
  const { group, label } = row ?? { group: method, label: augmentation ?? method };
  return { group, label: [label, ...(variant?.split('/') ?? [])].join(', ') };
}

/** `dataset/method/augmentation`: the address that a row's cells have in common. */
export function rowAddress(row: RowKind & { readonly dataset: string }): string {
  return [row.dataset, row.method, row.augmentation, row.variant].filter(Boolean).join('/');
}

/** What is to be known of the split behind the kNN accuracy of the user's own images. */
function splitText(dataset: DatasetResult | undefined): string | null {
  const { group, testedCopies = 0 } = dataset?.own ?? {};
  if (group !== undefined) return `kNN split by ${group}`;
  return testedCopies > 0 ? `copies of ${testedCopies} tested images are among those learned from` : null;
}

function resultsRow(cells: CellResult[], profile: string, split: string | null): ResultsRow {
  const [{ dataset, method, augmentation = null, variant }] = cells;
  const knn = spread(cells.flatMap(cell => (cell.knn === undefined ? [] : 100 * cell.knn)));
  const silhouette = spread(cells.flatMap(cell => cell.silhouette ?? []));
  const claim = (metric: 'knn' | 'silhouette') => printedClaim(dataset, method, augmentation, metric);
  const setting = { cells: cells.length, asInPaper: cells.every(cell => cell.asInPaper), profile };
  const verdicts = {
    knn: judge(claim('knn'), knn, setting),
    silhouette: judge(claim('silhouette'), silhouette, setting),
  };
  const lacking = whyNumbersLack(cells);
  return {
    dataset,
    method,
    augmentation,
    ...(variant !== undefined && { variant }),
    seeds: cells.flatMap(cell => cell.seed ?? []),
    status: worst(cells),
    knn,
    silhouette,
    paper: paperScores(dataset, method, augmentation),
    verdicts,
    lacking,
    note:
      [verdictText(verdicts), lacking, knn.mean === null ? null : split].filter(Boolean).join('; ') || null,
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

function whyNumbersLack(cells: readonly CellResult[]): string | null {
  const seedsOf = new Map<string, number[]>();
  for (const { seed, status, reason } of cells.filter(cell => cell.knn === undefined)) {
    const why = [unscoredText(status), reason?.split('\n', 1)[0]].filter(Boolean).join(': ');
    seedsOf.set(why, [...(seedsOf.get(why) ?? []), ...(seed === undefined ? [] : [seed])]);
  }
  const notes = [...seedsOf].map(([why, seeds]) => {
    if (seeds.length === 0 || seeds.length === cells.length) return why;
    return `seed${seeds.length > 1 ? 's' : ''} ${seeds.join(', ')} ${why}`;
  });
  return notes.length > 0 ? notes.join('; ') : null;
}

function orderIn<T>(list: readonly T[], matches: (item: T) => boolean): number {
  const index = list.findIndex(matches);
  return index < 0 ? list.length : index;
}
