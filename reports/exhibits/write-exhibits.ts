// Writes the paper's figures and tables as an experiment gives them: `exhibits/`, and the page that shows them.
import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { renderPdf, renderPng, renderSvg } from '../render.ts';
import type { ExperimentResult } from '../result.ts';
import { type DatasetRow, datasetCsv, datasetLatex, datasetMarkdown } from '../table/dataset-table.ts';
import { resultsTable } from '../table/results-table.ts';
import { writeWhole } from '../write-whole.ts';
import { type Exhibit, titleOf } from './exhibit.ts';
import { exhibitsOf } from './exhibits.ts';
import { exhibitsPage } from './exhibits-page.ts';
import { matrixCsv, matrixLatex, matrixMarkdown, type ScoreMatrix, scoreMatrix } from './score-tables.ts';

/** `exhibits/<name>.svg`, `.png`, `.pdf` and `.vl.json` of each figure, `table-1` to `table-3` in three forms, `exhibits.html`. */
export async function writeExhibits(result: ExperimentResult, folder: string): Promise<void> {
  const exhibits = await exhibitsOf(result);
  for (const exhibit of exhibits) await writeFigure(exhibit, path.join(folder, 'exhibits'));
  const tables = new Map([['table-1', datasetFiles(result.table1)]]);
  const table = resultsTable(result);
  const matrices = [scoreMatrix(table, 'knn'), scoreMatrix(table, 'silhouette')];
  for (const [i, matrix] of matrices.entries()) tables.set(`table-${i + 2}`, matrixFiles(matrix));
  for (const [name, files] of tables) {
    for (const [ending, text] of Object.entries(files))
      await writeWhole(path.join(folder, 'exhibits', `${name}.${ending}`), text);
  }
  await writeWhole(path.join(folder, 'exhibits.html'), exhibitsPage(result, exhibits, matrices));
}

function datasetFiles(rows: readonly DatasetRow[]) {
  return { csv: datasetCsv(rows), md: `${datasetMarkdown(rows)}\n`, tex: datasetLatex(rows) };
}

function matrixFiles(matrix: ScoreMatrix) {
  return { csv: matrixCsv(matrix), md: matrixMarkdown(matrix), tex: matrixLatex(matrix) };
}

/** A figure whose specification is there already, with its pictures, is not drawn again; the specification is written last. */
async function writeFigure({ name, place, spec }: Exhibit, folder: string): Promise<void> {
  const file = path.join(folder, name);
  const text = JSON.stringify(spec);
  const known = await readFile(`${file}.vl.json`, 'utf8').catch(() => '');
  if (known === text && (await areThere(pictures.map(ending => `${file}.${ending}`)))) return;
  await writeWhole(`${file}.svg`, await renderSvg(spec));
  await writeWhole(`${file}.png`, await renderPng(spec));
  await writeWhole(`${file}.pdf`, await renderPdf(spec, `${place}, ${titleOf(spec)}`));
  await writeWhole(`${file}.vl.json`, text);
}

const pictures = ['svg', 'png', 'pdf'];

async function areThere(files: readonly string[]): Promise<boolean> {
  const found = await Promise.allSettled(files.map(file => access(file)));
  return found.every(({ status }) => status === 'fulfilled');
}
