// table: an experiment's results beside the paper's.
import type { Command } from 'commander';
import { resultsTable } from '../../../reports/table/results-table.ts';
import { tableText } from '../../../reports/table/table-text.ts';
import { namedPlace } from '../experiment-file/read-experiment-file.ts';
import { printResult } from '../output.ts';
import { readResult } from '../read-result.ts';

export function addTableCommand(program: Command): void {
  program
    .command('table <experiment>')
    .description('the results table beside the paper’s')
    .action(async (named: string, _options: unknown, command: Command) => {
      const experiment = await namedPlace(named);
      const table = resultsTable(await readResult(experiment, { arrays: false }));
      printResult(command, table, () => tableText(table));
    });
}
