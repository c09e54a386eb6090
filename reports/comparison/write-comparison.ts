// Writes the page that puts two experiments, or cells of two, side by side, with all that it needs: it works from the file system.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { browserScript } from '../browser-script.ts';
import { copyThumbnails, writeCellData } from '../cells/cell-data-files.ts';
import type { ExperimentResult } from '../result.ts';
import { writeWhole } from '../write-whole.ts';
import type { ComparisonRow } from './comparison.ts';
import { type ComparedSide, comparisonPage } from './comparison-page.ts';

/** A side, and the folder of its experiment's report, whose analyses are not made again where they are there. */
export interface SideToWrite {
  readonly name: string;
  readonly result: ExperimentResult;
  readonly reportFolder: string;
}

/** Writes `index.html` into `folder`, with `a/` and `b/` for the two sides and `assets/`; answers where the page is. */
export async function writeComparison(
  sides: readonly [SideToWrite, SideToWrite],
  rows: readonly ComparisonRow[],
  folder: string,
): Promise<{ path: string }> {
  await writeWhole(path.join(folder, 'assets', 'compare.js'), await browserScript('compare'));
  for (const [side, { result, reportFolder }] of sides.entries()) {
    const place = path.join(folder, 'ab'[side]);
    await copyThumbnails(result, place);
    await writeCellData(result, place, reportFolder);
  }
  const [a, b] = sides.map(
    ({ name, result, reportFolder }): ComparedSide => ({
      name,
      result,
      report: linkTo(reportFolder, folder),
    }),
  );
  const page = path.join(folder, 'index.html');
  await writeWhole(page, comparisonPage(a, b, rows));
  return { path: page };
}

/** The way to a report that lies in the same folder of reports; that of another home would not be served. */
function linkTo(reportFolder: string, folder: string): string | undefined {
  const report = path.join(reportFolder, 'index.html');
  const isNear = path.resolve(reportFolder, '..') === path.resolve(folder, '..', '..');
  return isNear && existsSync(report) ? path.relative(folder, report).split(path.sep).join('/') : undefined;
}
