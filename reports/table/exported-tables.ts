// Results as tables that other programs read: the rows of the results table, the cells with their origins, and every embedded image.
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { CellResult, DatasetResult, ExperimentResult } from '../result.ts';
import { csvText } from './csv.ts';
import { resultsTable } from './results-table.ts';

type Value = string | number | null;

/** A table by its columns; what a column holds is decided by its type, `DOUBLE` where it may be a fraction. */
export interface ExportedTable {
  readonly name: string;
  readonly columns: readonly {
    readonly name: string;
    readonly type: 'STRING' | 'DOUBLE' | 'INT32';
    readonly data: readonly Value[];
  }[];
}

/** `rows`, `cells`, `embeddings`. kNN in percent. */
export function exportedTables(result: ExperimentResult): ExportedTable[] {
  return [rowsTable(result), cellsTable(result), embeddingsTable(result)];
}

export function tableCsv({ columns }: ExportedTable): string {
  const [first] = columns;
  return csvText([
    columns.map(({ name }) => name),
    ...first.data.map((_, row) => columns.map(({ data }) => data[row])),
  ]);
}

/** Apache Parquet, by hyparquet-writer. */
export function tableParquet({ columns }: ExportedTable): Uint8Array {
  const columnData = columns.map(({ name, type, data }) => ({ name, type, data: [...data], nullable: true }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

/** The classes of a cell's images, by their names; null where an image has none. */
export function classNames({ labels }: CellResult, { classes, noClass }: DatasetResult): (string | null)[] {
  return Array.from(labels!.data, label => (label === noClass ? null : classes[label].name));
}

function rowsTable(result: ExperimentResult): ExportedTable {
  const { rows } = resultsTable(result);
  const column = (name: string, type: 'STRING' | 'DOUBLE', of: (row: (typeof rows)[number]) => Value) => ({
    ...{ name, type },
    data: rows.map(of),
  });
  return {
    name: 'rows',
    columns: [
      column('dataset', 'STRING', row => row.dataset),
      column('method', 'STRING', row => row.method),
      column('augmentation', 'STRING', row => row.augmentation),
      column('variant', 'STRING', row => row.variant ?? null),
      column('seeds', 'STRING', row => row.seeds.join(' ')),
      column('status', 'STRING', row => row.status),
      column('knn', 'DOUBLE', row => row.knn.mean),
      column('knn_sd', 'DOUBLE', row => row.knn.sd),
      column('silhouette', 'DOUBLE', row => row.silhouette.mean),
      column('silhouette_sd', 'DOUBLE', row => row.silhouette.sd),
      column('paper_knn', 'DOUBLE', row => row.paper?.knn.mean ?? null),
      column('paper_silhouette', 'DOUBLE', row => row.paper?.silhouette.mean ?? null),
    ],
  };
}

function cellsTable({ cells }: ExperimentResult): ExportedTable {
  const column = (
    name: string,
    type: 'STRING' | 'DOUBLE' | 'INT32',
    of: (cell: CellResult) => Value | undefined,
  ) => ({
    ...{ name, type },
    data: cells.map(cell => of(cell) ?? null),
  });
  const digestOf = (cell: CellResult, name: string) => cell.steps.find(({ step }) => step === name)?.digest;
  return {
    name: 'cells',
    columns: [
      column('address', 'STRING', cell => cell.address),
      column('seed', 'INT32', cell => cell.seed),
      column('status', 'STRING', cell => cell.status),
      column('knn', 'DOUBLE', cell => (cell.knn === undefined ? undefined : 100 * cell.knn)),
      column('silhouette', 'DOUBLE', cell => cell.silhouette),
      column('seconds', 'DOUBLE', cell => cell.seconds),
      column('machine', 'STRING', cell => cell.machine),
      column('backend', 'STRING', cell => cell.backend),
      column('code_version', 'STRING', cell => cell.codeVersion),
      column('finished_at', 'STRING', cell => cell.finishedAt),
      column('images_digest', 'STRING', cell => digestOf(cell, 'prepare')),
      column('training_digest', 'STRING', cell => digestOf(cell, 'train')),
      column('embedding_digest', 'STRING', cell => digestOf(cell, 'tsne') ?? digestOf(cell, 'embed')),
    ],
  };
}

function embeddingsTable({ cells, datasets }: ExperimentResult): ExportedTable {
  const rows = cells.flatMap(cell => {
    const dataset = datasets[cell.dataset];
    if (!cell.embedding || !dataset) return [];
    const { data } = cell.embedding;
    return classNames(cell, dataset).map((name, i) => ({
      ...{ address: cell.address, name, x: data[2 * i], y: data[2 * i + 1] },
      image: dataset.sourceIndices?.[i] ?? i,
      file: dataset.known?.files[i] ?? null,
    }));
  });
  return {
    name: 'embeddings',
    columns: [
      { name: 'address', type: 'STRING', data: rows.map(({ address }) => address) },
      { name: 'image', type: 'INT32', data: rows.map(({ image }) => image) },
      { name: 'file', type: 'STRING', data: rows.map(({ file }) => file) },
      { name: 'class', type: 'STRING', data: rows.map(({ name }) => name) },
      { name: 'x', type: 'DOUBLE', data: rows.map(({ x }) => x) },
      { name: 'y', type: 'DOUBLE', data: rows.map(({ y }) => y) },
    ],
  };
}
