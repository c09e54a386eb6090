// table: an experiment's results beside the paper's.
import type { Command } from 'commander';
import { resultsTable } from '../../../reports/table/results-table.ts';
import { tableText } from '../../../reports/table/table-text.ts';
import { printResult } from '../output.ts';
import { readResult } from '../read-result.ts';

export function addTableCommand(program: Command): void {
  program
    .command('table <experiment>')
    .description('the results table beside the paper’s')
    .action(async (experiment: string, _options: unknown, command: Command) => {
      const table = resultsTable(await readResult(experiment, { arrays: false }));
      printResult(command, table, () => tableText(table));
    });
}
