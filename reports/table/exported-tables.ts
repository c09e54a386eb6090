// Results as tables that other programs read: the rows of the results table, the cells with their origins, and every embedded image.
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { CellResult, DatasetResult, ExperimentResult } from '../result.ts';
import { csvText } from './csv.ts';
import { resultsTable } from './results-table.ts';

type Value = string | number | null;
type Type = 'STRING' | 'DOUBLE' | 'INT32';

/** A table by its columns; what a column holds is decided by its type, `DOUBLE` where it may be a fraction. */
export interface ExportedTable {
  readonly name: string;
  readonly columns: readonly {
    readonly name: string;
    readonly type: Type;
    readonly data: readonly Value[];
  }[];
}

/** A column: its name, its type, and what it says of an item. */
type Column<Item> = readonly [name: string, type: Type, of: (item: Item) => Value | undefined];

/** A table with a row for each item. */
function tableOf<Item>(
  name: string,
  items: readonly Item[],
  columns: readonly Column<Item>[],
): ExportedTable {
  return {
    name,
    columns: columns.map(([column, type, of]) => ({
      ...{ name: column, type },
      data: items.map(item => of(item) ?? null),
    })),
  };
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
  return tableOf('rows', resultsTable(result).rows, [
    ['dataset', 'STRING', row => row.dataset],
    ['method', 'STRING', row => row.method],
    ['augmentation', 'STRING', row => row.augmentation],
    ['variant', 'STRING', row => row.variant],
    ['seeds', 'STRING', row => row.seeds.join(' ')],
    ['status', 'STRING', row => row.status],
    ['knn', 'DOUBLE', row => row.knn.mean],
    ['knn_sd', 'DOUBLE', row => row.knn.sd],
    ['silhouette', 'DOUBLE', row => row.silhouette.mean],
    ['silhouette_sd', 'DOUBLE', row => row.silhouette.sd],
    ['paper_knn', 'DOUBLE', row => row.paper?.knn.mean],
    ['paper_silhouette', 'DOUBLE', row => row.paper?.silhouette.mean],
  ]);
}

function cellsTable({ cells }: ExperimentResult): ExportedTable {
  const digestOf = (cell: CellResult, name: string) => cell.steps.find(({ step }) => step === name)?.digest;
  return tableOf('cells', cells, [
    ['address', 'STRING', cell => cell.address],
    ['seed', 'INT32', cell => cell.seed],
    ['status', 'STRING', cell => cell.status],
    ['knn', 'DOUBLE', cell => (cell.knn === undefined ? undefined : 100 * cell.knn)],
    ['silhouette', 'DOUBLE', cell => cell.silhouette],
    ['seconds', 'DOUBLE', cell => cell.seconds],
    ['machine', 'STRING', cell => cell.machine],
    ['backend', 'STRING', cell => cell.backend],
    ['code_version', 'STRING', cell => cell.codeVersion],
    ['finished_at', 'STRING', cell => cell.finishedAt],
    ['images_digest', 'STRING', cell => digestOf(cell, 'prepare')],
    ['training_digest', 'STRING', cell => digestOf(cell, 'train')],
    ['embedding_digest', 'STRING', cell => digestOf(cell, 'tsne') ?? digestOf(cell, 'embed')],
  ]);
}

function embeddingsTable({ cells, datasets }: ExperimentResult): ExportedTable {
  const images = cells.flatMap(cell => {
    const dataset = datasets[cell.dataset];
    if (!cell.embedding || !dataset) return [];
    const { data } = cell.embedding;
    return classNames(cell, dataset).map((name, i) => ({
      ...{ address: cell.address, name, x: data[2 * i], y: data[2 * i + 1] },
      image: dataset.sourceIndices?.[i] ?? i,
      file: dataset.known?.files[i],
    }));
  });
  return tableOf('embeddings', images, [
    ['address', 'STRING', ({ address }) => address],
    ['image', 'INT32', ({ image }) => image],
    ['file', 'STRING', ({ file }) => file],
    ['class', 'STRING', ({ name }) => name],
    ['x', 'DOUBLE', ({ x }) => x],
    ['y', 'DOUBLE', ({ y }) => y],
  ]);
}
