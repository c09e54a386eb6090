// export: results as files that other programs read: CSV, Parquet, and NumPy's .npz for each embedding.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { encodeNpy } from '../../../numeric/arrays/npy.ts';
import { encodeNpyTexts } from '../../../numeric/arrays/npy-texts.ts';
import type { CellResult, DatasetResult, ExperimentResult } from '../../../reports/result.ts';
import { namedPlace } from '../experiment-file/read-experiment-file.ts';
import { printResult } from '../output.ts';
import { readResult } from '../read-result.ts';
import { UsageError } from '../usage-error.ts';

export function addExportCommand(program: Command): void {
  program
    .command('export <experiment> <folder>')
    .description('write table, cells and embeddings there for other programs: .csv, .parquet, .npz')
    .action(async (named: string, folder: string, _options: unknown, command: Command) => {
      const experiment = await namedPlace(named);
      const result = await readResult(experiment);
      if (result.cells.every(({ status }) => status === 'missing')) {
        throw new UsageError(`${experiment}: nothing of it was made here; "simcne run ${experiment}" does`);
      }
      await mkdir(folder, { recursive: true });
      const files = [...(await writeTables(result, folder)), ...(await writeEmbeddings(result, folder))];
      printResult(command, { experiment, files }, () => files.join('\n'));
    });
}

async function writeTables(result: ExperimentResult, folder: string): Promise<string[]> {
  const { exportedTables, tableCsv, tableParquet } = await import(
    '../../../reports/table/exported-tables.ts'
  );
  const files: string[] = [];
  for (const table of exportedTables(result)) {
    const place = path.join(folder, table.name);
    await writeFile(`${place}.csv`, tableCsv(table));
    await writeFile(`${place}.parquet`, tableParquet(table));
    files.push(`${place}.csv`, `${place}.parquet`);
  }
  return files;
}

/** An archive a cell: `bloodmnist~t-simcne~rot90~seed-1.npz`. */
async function writeEmbeddings({ cells, datasets }: ExperimentResult, folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const cell of cells) {
    const dataset = datasets[cell.dataset];
    if (!cell.embedding || !dataset) continue;
    const file = path.join(folder, `${cell.address.replaceAll('/', '~')}.npz`);
    await writeNpz(file, arraysOf(cell, dataset));
    files.push(file);
  }
  return files;
}

/** `labels` count from 0; −1 is an image without a class. */
function arraysOf({ embedding, labels }: CellResult, dataset: DatasetResult): Record<string, Uint8Array> {
  const { classes, noClass, known, sourceIndices } = dataset;
  const given = Int32Array.from(labels!.data, label => (label === noClass ? -1 : label));
  const names = classes.filter((_, place) => place !== noClass).map(({ name }) => name);
  return {
    embedding: encodeNpy(embedding!),
    labels: encodeNpy({ data: given, shape: [given.length] }),
    classes: encodeNpyTexts(names),
    ...(sourceIndices && { images: encodeNpy({ data: sourceIndices, shape: [sourceIndices.length] }) }),
    ...(known && { files: encodeNpyTexts(known.files) }),
  };
}

async function writeNpz(file: string, arrays: Record<string, Uint8Array>): Promise<void> {
  const { packFolder } = await import('../../../datasets/fetching/pack-folder.ts');
  const folder = await mkdtemp(path.join(tmpdir(), 'simcne-export-'));
  try {
    for (const [name, bytes] of Object.entries(arrays))
      await writeFile(path.join(folder, `${name}.npy`), bytes);
    await packFolder(folder, file, /\.npy$/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
