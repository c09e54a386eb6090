// Writes an experiment's report into a folder: the page, and the table as data and as Markdown.
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { datasetMarkdown } from './dataset-table.ts';
import { embeddingFigure, isEmbedded } from './figures/embedding.ts';
import { reportPage } from './page.ts';
import type { CellResult, ExperimentResult } from './result.ts';
import { resultsTable } from './results-table.ts';
import { tableMarkdown } from './table-markdown.ts';

/**
 * Writes `index.html`, `table.json` and `table.md` into `folder`, and each embedding as a Vega-Lite specification with its
 * data, `figures/<address>.vl.json`. Files are replaced whole, never seen half-written; answers where the page is.
 */
export async function writeReport(result: ExperimentResult, folder: string): Promise<{ path: string }> {
  const table = resultsTable(result);
  await writeWhole(path.join(folder, 'table.json'), `${JSON.stringify(table, null, 2)}\n`);
  const datasets = `**Data sets**\n\n${datasetMarkdown(result.table1)}\n`;
  await writeWhole(path.join(folder, 'table.md'), `${tableMarkdown(table)}\n${datasets}`);
  for (const cell of result.cells) await writeFigure(cell, result, folder);
  const page = path.join(folder, 'index.html');
  await writeWhole(page, reportPage(result)); // last: who sees a new page finds its data new, too
  return { path: page };
}

async function writeFigure(cell: CellResult, { datasets }: ExperimentResult, folder: string): Promise<void> {
  const dataset = datasets[cell.dataset];
  if (!dataset || !isEmbedded(cell)) return;
  const file = path.join(folder, 'figures', `${cell.address}.vl.json`);
  await writeWhole(file, JSON.stringify(embeddingFigure(cell, dataset)));
}

async function writeWhole(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}.unfinished`;
  await writeFile(unfinished, text);
  await rename(unfinished, file);
}
