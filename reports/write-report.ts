// Writes an experiment's report into a folder: overview, a page a cell, their data, and the table as data and as Markdown.
import path from 'node:path';
import { cellPageFile } from './anchor.ts';
import { browserScript } from './browser-script.ts';
import { copyLogs } from './cells/attempt-logs.ts';
import { copyThumbnails, writeCellData } from './cells/cell-data-files.ts';
import { cellPage } from './cells/cell-page.ts';
import { comparePage } from './comparison/compare-page.ts';
import { writeExhibits } from './exhibits/write-exhibits.ts';
import { embeddingFigure, isEmbedded } from './figures/embedding.ts';
import { embeddingPicture } from './figures/embedding-picture.ts';
import type { CellPicture } from './page/cell-card.ts';
import { reportPage } from './page.ts';
import type { CellResult, ExperimentResult } from './result.ts';
import { datasetMarkdown } from './table/dataset-table.ts';
import { resultsTable } from './table/results-table.ts';
import { tableMarkdown } from './table/table-markdown.ts';
import { writeWhole } from './write-whole.ts';

/**
 * Writes into `folder`:
 * - `index.html`, the overview, which needs no other file to be read; `table.json` and `table.md`, its numbers;
 * - `cells/<address>.html`, a page a cell, and `compare.html`, two of them side by side, with `data/<address>.js`,
 *   `images/` and `assets/` for their scripts;
 * - `logs/`, what the attempts at its steps wrote down;
 * - `figures/<address>.vl.json`, each embedding as a Vega-Lite specification with its data.
 * - `exhibits.html`, the paper's figures and tables as this experiment gives them, with `exhibits/`.
 * Files are replaced whole, never seen half-written; answers where the overview is.
 */
export async function writeReport(given: ExperimentResult, folder: string): Promise<{ path: string }> {
  const result = logsSeenFrom(folder, given);
  const write = (name: string, contents: string | Uint8Array) =>
    writeWhole(path.join(folder, name), contents);
  const table = resultsTable(result);
  await write('table.json', `${JSON.stringify(table, null, 2)}\n`);
  const datasets = `**Data sets**\n\n${datasetMarkdown(result.table1)}\n`;
  await write('table.md', `${tableMarkdown(table)}\n${datasets}`);
  await writeAssets(write);
  await copyThumbnails(result, folder);
  await copyLogs(result, write);
  const analyses = await writeCellData(result, folder);
  const pictures = new Map<string, CellPicture>();
  for (const cell of result.cells) {
    const picture = await pictureOf(cell, result);
    if (picture) pictures.set(cell.address, picture);
    await writeFigure(cell, result, write);
    await write(cellPageFile(cell.address), cellPage(cell, result, analyses.get(cell.address)));
  }
  const compare = comparePage(result);
  if (compare) await write('compare.html', compare);
  await writeExhibits(result, folder);
  await write('index.html', reportPage(result, pictures)); // last: who sees a new page finds its data new, too
  return { path: path.join(folder, 'index.html') };
}

type Write = (name: string, contents: string | Uint8Array) => Promise<void>;

/** Logs by their ways from the report's folder: served, `logs` lies beside the experiments, so those ways hold there, too. */
function logsSeenFrom(folder: string, result: ExperimentResult): ExperimentResult {
  const way = (log: string) => path.relative(folder, log);
  const cells = result.cells.map(({ failure, steps, ...cell }) => ({
    ...cell,
    failure: failure && { ...failure, log: failure.log && way(failure.log) },
    steps: steps.map(({ logs, ...step }) => ({ ...step, logs: logs?.map(way) })),
  }));
  return { ...result, cells };
}

async function writeAssets(write: Write): Promise<void> {
  for (const name of ['explorer', 'compare', 'draw-figures', 'vega'] as const) {
    await write(`assets/${name}.js`, await browserScript(name));
  }
}

async function pictureOf(cell: CellResult, { datasets }: ExperimentResult): Promise<CellPicture | undefined> {
  const dataset = datasets[cell.dataset];
  if (!dataset || !isEmbedded(cell)) return undefined;
  return {
    light: await embeddingPicture(cell, dataset, { size: 400, dark: false }),
    dark: await embeddingPicture(cell, dataset, { size: 400, dark: true }),
  };
}

async function writeFigure(cell: CellResult, { datasets }: ExperimentResult, write: Write): Promise<void> {
  const dataset = datasets[cell.dataset];
  if (!dataset || !isEmbedded(cell)) return;
  await write(`figures/${cell.address}.vl.json`, JSON.stringify(embeddingFigure(cell, dataset)));
}
