// serve: reports and Temporal UI in the browser.
import type { Command } from 'commander';
import { namedPlace } from '../experiment-file/read-experiment-file.ts';
import { cellsNamed } from '../select-cells.ts';
import { serveUntilInterrupted } from '../serve-reports.ts';

export function addServeCommand(program: Command): void {
  program
    .command('serve [experiment]')
    .description('serve reports and Temporal UI on loopback until Ctrl-C')
    .action(async (named: string | undefined, _options: unknown, command: Command) => {
      const experiment = named === undefined ? undefined : await namedPlace(named);
      if (experiment !== undefined) cellsNamed(experiment);
      await serveUntilInterrupted(command, experiment);
    });
}
