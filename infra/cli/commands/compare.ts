// compare: two experiments or two cells side by side, with the settings that differ.
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import type { Cell } from '../../../experiments/experiment.ts';
import { type Chance, chanceOf } from '../../../reports/comparison/chance.ts';
import {
  type ComparisonRow,
  comparePair,
  compareRows,
  repeatingSteps,
  type Side,
  type StepSettings,
} from '../../../reports/comparison/comparison.ts';
import { comparisonText } from '../../../reports/comparison/comparison-text.ts';
import type { CellResult, ExperimentResult } from '../../../reports/result.ts';
import { resultsTable, rowAddress, rowsOf } from '../../../reports/table/results-table.ts';
import { comparisonFolder, storeFolder } from '../../home.ts';
import { namedPlace } from '../experiment-file/read-experiment-file.ts';
import { printResult } from '../output.ts';
import { readResult } from '../read-result.ts';
import { cellAt, cellsNamed, ownCellsNamed } from '../select-cells.ts';
import { UsageError } from '../usage-error.ts';

interface Options {
  readonly otherHome?: string;
  readonly page?: boolean;
}

export function addCompareCommand(program: Command): void {
  program
    .command('compare <A> [B]')
    .description(
      'two experiments, or two cells (<experiment>/<address>), side by side; of one experiment, its rows beside the best',
    )
    .option('--other-home <folder>', 'B is read from this state folder (SIMCNE_HOME of another run)')
    .option('--page', 'write a page with both embeddings, image by image, too')
    .action(
      async (left: string, right: string | undefined, { otherHome, page }: Options, command: Command) => {
        const a = await namedPlace(left);
        if (right === undefined) return compareWithBest(command, a, { otherHome, page });
        const b = await namedPlace(right);
        if (a.includes('/') !== b.includes('/')) {
          throw new UsageError(
            `compare takes two experiments or two cells, got ${kindOf(a)} "${a}" and ${kindOf(b)} "${b}"`,
          );
        }
        const otherFolder = otherHome === undefined ? storeFolder() : storeOf(otherHome);
        const parties = [await partyOf(a, storeFolder()), await partyOf(b, otherFolder)] as const;
        const pairs = a.includes('/')
          ? [comparePair(parties[0].sides[0], parties[1].sides[0])]
          : compareRows(parties[0].sides, parties[1].sides);
        const rows = pairs.map(row => ({ ...row, chance: chanceBetween(parties, row) }));
        const name = otherHome === undefined ? b : `${b} in ${otherHome}`;
        const written = page ? await writePage(parties[0], { ...parties[1], name }, rows) : undefined;
        printResult(command, { a, b, rows, ...(written && { page: written }) }, () =>
          [comparisonText(rows, a, name), ...(written ? ['', `page: ${written}`] : [])].join('\n'),
        );
      },
    );
}

/** The rows of an experiment beside the best of their data set, by kNN: which are not as good, and by more than chance. */
async function compareWithBest(
  command: Command,
  experiment: string,
  { otherHome, page }: Options,
): Promise<void> {
  if (experiment.includes('/') || otherHome !== undefined || page) {
    throw new UsageError(
      `compare ${experiment}: names one side only; name the other, too (one experiment alone is compared with itself, without options)`,
    );
  }
  const party = await partyOf(experiment, storeFolder());
  const scored = party.sides.filter(({ row }) => row.knn.mean !== null);
  const rows = scored.flatMap(side => {
    const rivals = scored.filter(({ row }) => row.dataset === side.row.dataset);
    const best = rivals.reduce((one, other) => (other.row.knn.mean! > one.row.knn.mean! ? other : one));
    if (best === side) return [];
    const row = comparePair(best, side);
    return [{ ...row, chance: chanceBetween([party, party], row) }];
  });
  if (rows.length === 0) {
    throw new UsageError(
      `compare ${experiment}: has no two rows with numbers on one data set; name another side`,
    );
  }
  printResult(command, { a: experiment, b: null, rows }, () =>
    comparisonText(rows, `the best row of ${experiment}`, 'its other rows'),
  );
}

/** Whether chance alone would give the difference of a row's two sides. */
function chanceBetween([left, right]: readonly [Party, Party], { a, b }: ComparisonRow): Chance | null {
  if (!a || !b) return null;
  const rowOf = ({ rows, result }: Party, place: string) => {
    const cells = rows.get(place) ?? [];
    return { cells, dataset: result.datasets[cells[0]?.dataset] };
  };
  return chanceOf(rowOf(left, a.place), rowOf(right, b.place));
}

async function writePage(a: Party, b: Party, rows: ComparisonRow[]): Promise<string> {
  const { writeComparison } = await import('../../../reports/comparison/write-comparison.ts');
  const { path: page } = await writeComparison([a, b], rows, comparisonFolder(a.name, b.name));
  return page;
}

const kindOf = (place: string) => (place.includes('/') ? 'the cell' : 'the experiment');

function storeOf(home: string): string {
  const folder = path.join(path.resolve(home), 'store');
  if (existsSync(folder)) return folder;
  throw new UsageError(`--other-home ${home}: there is no ${folder}; it must be a state folder of simcne`);
}

/** An experiment or the one cell of it: its results, and a side of the comparison for each of its rows. */
interface Party {
  readonly name: string;
  readonly result: ExperimentResult;
  readonly reportFolder: string;
  readonly sides: readonly Side[];
  /** The cells of each side, by its place. */
  readonly rows: ReadonlyMap<string, readonly CellResult[]>;
}

async function partyOf(place: string, folder: string): Promise<Party> {
  const [experiment] = place.split('/');
  const plans = place.includes('/')
    ? [cellAt(place, folder)]
    : [...cellsNamed(experiment, folder), ...ownCellsNamed(experiment, folder)];
  const result = await readResult(experiment, { folder });
  const chosen: ExperimentResult = {
    ...result,
    cells: result.cells.filter(cell => plans.some(({ address }) => address === cell.address)),
  };
  if (chosen.cells.length === 0) {
    throw new UsageError(`${place} was not run yet; "simcne rerun ${place}" does it`);
  }
  const groups = rowsOf(chosen.cells);
  const sides = resultsTable(chosen).rows.map((row, i) => ({
    place: place.includes('/') ? place : `${experiment}/${rowAddress(row)}`,
    row,
    steps: settingsOf(plans.find(({ address }) => address === groups[i][0].address)!, groups[i][0]),
  }));
  const reportFolder = path.join(folder, '..', 'reports', experiment);
  const rows = new Map(sides.map(({ place: at }, i) => [at, groups[i]]));
  return { name: place, result: chosen, reportFolder, sides, rows };
}

/** The settings that a cell was made with, where it was made; else those that it would be made with. */
function settingsOf(plan: Cell, made: CellResult): StepSettings[] {
  return plan.steps
    .filter(({ step }) => !repeatingSteps.includes(step))
    .map(({ step, settings }) => {
      const recorded = made.steps.find(one => one.step === step)?.settings as object | undefined;
      const { files: _, ...own } = (recorded ?? settings) as { files?: unknown };
      return { step, settings: own };
    });
}
