// Writes the paper's figures and tables as an experiment gives them: `exhibits/`, and the page that shows them.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Exhibit } from './exhibits/exhibit.ts';
import { exhibitsOf } from './exhibits/exhibits.ts';
import { matrixCsv, matrixLatex, matrixMarkdown, scoreMatrix } from './exhibits/score-tables.ts';
import { exhibitsPage } from './exhibits-page.ts';
import { renderPng, renderSvg } from './render.ts';
import type { ExperimentResult } from './result.ts';
import { resultsTable } from './results-table.ts';
import { writeWhole } from './write-whole.ts';

/** `exhibits/<name>.svg`, `.png` and `.vl.json` of each figure, `table-2` and `table-3` in three forms, `exhibits.html`. */
export async function writeExhibits(result: ExperimentResult, folder: string): Promise<void> {
  const exhibits = await exhibitsOf(result);
  for (const exhibit of exhibits) await writeFigure(exhibit, path.join(folder, 'exhibits'));
  const table = resultsTable(result);
  const matrices = [scoreMatrix(table, 'knn'), scoreMatrix(table, 'silhouette')];
  for (const [i, matrix] of matrices.entries()) {
    const file = path.join(folder, 'exhibits', `table-${i + 2}`);
    await writeWhole(`${file}.csv`, matrixCsv(matrix));
    await writeWhole(`${file}.md`, matrixMarkdown(matrix));
    await writeWhole(`${file}.tex`, matrixLatex(matrix));
  }
  await writeWhole(path.join(folder, 'exhibits.html'), exhibitsPage(result, exhibits, matrices));
}

/** A figure whose specification is there already is not drawn again; the specification is written last. */
async function writeFigure({ name, spec }: Exhibit, folder: string): Promise<void> {
  const file = path.join(folder, name);
  const text = JSON.stringify(spec);
  if ((await readFile(`${file}.vl.json`, 'utf8').catch(() => '')) === text) return;
  await writeWhole(`${file}.svg`, await renderSvg(spec));
  await writeWhole(`${file}.png`, await renderPng(spec));
  await writeWhole(`${file}.vl.json`, text);
}
