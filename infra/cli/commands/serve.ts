// serve: reports and Temporal UI in the browser.
import type { Command } from 'commander';
import { cellsNamed } from '../select-cells.ts';
import { serveUntilInterrupted } from '../serve-reports.ts';

export function addServeCommand(program: Command): void {
  program
    .command('serve [experiment]')
    .description('serve reports and Temporal UI on loopback until Ctrl-C')
    .action(async (experiment: string | undefined, _options: unknown, command: Command) => {
      if (experiment !== undefined) cellsNamed(experiment);
      await serveUntilInterrupted(command, experiment);
    });
}
