// run, rerun, start: make cells of an experiment, then say what came out.
import type { Command } from 'commander';
import type { CellOutcome } from '../../../activities/reference.ts';
import { resultsTable } from '../../../reports/table/results-table.ts';
import { tableText } from '../../../reports/table/table-text.ts';
import { lossesByCause, timeLedger } from '../../../reports/time/time-ledger.ts';
import { openHomeStore } from '../../open-home-store.ts';
import { detach } from '../detach.ts';
import { namedPlace } from '../experiment-file/read-experiment-file.ts';
import { globalOptions, printResult, say } from '../output.ts';
import { readResult } from '../read-result.ts';
import { runExperiment } from '../run-experiment.ts';
import { sayForecast } from '../say-forecast.ts';
import {
  cellAt,
  parseForce,
  type Selection,
  selectCells,
  selectionWords,
  withSelection,
} from '../select-cells.ts';
import { serveUntilInterrupted } from '../serve-reports.ts';
import type { RunRequest } from '../start-cells.ts';

interface RunOptions extends Selection {
  detach?: boolean;
  force?: string;
  fromScratch?: boolean;
}

export function addRunCommands(program: Command): void {
  withSelection(program.command('run <experiment>'))
    .description('make the chosen cells; whatever is in the store is not done again')
    .option('--detach', 'leave it running in the background')
    .option('--force <step>', 'do this step, and those after it, again')
    .option('--from-scratch', 'do everything again but the download')
    .action(async (named: string, options: RunOptions, command: Command) => {
      await openHomeStore(); // what is wrong with it is said before any work
      const experiment = await namedPlace(named);
      const cells = selectCells(experiment, options);
      const force = options.fromScratch ? 'prepare' : parseForce(options.force, cells);
      if (options.detach) return detach(command, experiment);
      const again = options.fromScratch ? ['--from-scratch'] : forceWords(options);
      const words = ['simcne run', experiment, ...selectionWords(options), ...again];
      await runAndPrint(
        command,
        { experiment, cells, force, command: words.join(' ') },
        { byName: options.method !== undefined },
      );
    });

  program
    .command('rerun <cell>')
    .description('make one cell (<experiment>/<address>), and the report again')
    .option('--force <step>', 'do this step, and those after it, again')
    .action(async (named: string, options: RunOptions, command: Command) => {
      await openHomeStore();
      const place = await namedPlace(named);
      const cell = cellAt(place);
      const force = parseForce(options.force, [cell]);
      const words = ['simcne rerun', place, ...forceWords(options)];
      await runAndPrint(
        command,
        { experiment: cell.experiment, cells: [cell], force, command: words.join(' '), isAlone: true },
        { byName: true },
      );
    });

  program
    .command('start', { hidden: true })
    .description('run quick; on a terminal serve its report meanwhile and afterwards (npm start)')
    .action(async (_options: unknown, command: Command) => {
      const cells = selectCells('quick', {});
      const run = async () => {
        const rate = await sayForecast(command, 'quick', cells);
        await runAndPrint(command, { experiment: 'quick', cells, command: 'simcne run quick', rate });
      };
      if (process.stdout.isTTY) await serveUntilInterrupted(command, 'quick', run);
      else await run();
    });
}

const forceWords = ({ force }: RunOptions) => (force === undefined ? [] : ['--force', force]);

/** Exit code 1 if a cell failed, or if one that was asked for by name cannot be made. */
async function runAndPrint(command: Command, request: RunRequest, { byName = false } = {}): Promise<void> {
  const { experiment } = request;
  const { cells: outcomes, report, table: told, workflowId } = await runExperiment(command, request);
  const result = await readResult(experiment, { arrays: false });
  const ledger = { steps: timeLedger(result), losses: lossesByCause(result) };
  const document = {
    ...{ experiment, workflowId, report, ledger },
    cells: outcomes.map(publicOutcome),
  };
  const table = resultsTable(result);
  printResult(command, document, () => tableText(table));
  if (report) say(command, `report: ${report}`);
  else process.stderr.write(`${told}; "simcne report ${experiment}" writes it\n`);
  const bad = outcomes.filter(({ status }) => status !== 'done' && (byName || status !== 'unavailable'));
  const { json } = globalOptions(command);
  for (const outcome of bad) process.stderr.write(`${lineOf(experiment, outcome, json)}\n`);
  process.exitCode = bad.length > 0 || !report ? 1 : 0;
}

/** What became of a cell that was not made. */
function lineOf(experiment: string, { address, status, reason }: CellOutcome, json: boolean): string {
  const place = `${experiment}/${address}`;
  const isEnded = status === 'cancelled' || status === 'terminated';
  const why = json || isEnded ? `: ${reason?.split('\n', 1)[0]}` : ''; // of others the table has it
  return `${place} ${status}${why}${isEnded ? `; "simcne rerun ${place}" makes it` : ''}`;
}

/** kNN in percent, as everywhere outside of the code. */
function publicOutcome({ address, status, reason, failure, knn, silhouette, seconds, reused }: CellOutcome) {
  return {
    address,
    status,
    knn: knn === undefined ? null : 100 * knn,
    silhouette: silhouette ?? null,
    seconds,
    reused,
    ...(reason ? { reason } : {}),
    ...(failure ? { failure: failure.name } : {}),
  };
}
