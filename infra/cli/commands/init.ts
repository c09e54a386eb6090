// init, schema: an experiment's file to start from, and what editors check it with.
import type { Command } from 'commander';
import { experiments } from '../../../experiments/catalogue.ts';
import { asFile } from '../../../experiments/experiment-file.ts';
import { fileSchema } from '../experiment-file/schema.ts';
import { experimentFile, ownCopy } from '../experiment-file/write-experiment-file.ts';
import { printResult } from '../output.ts';
import { experimentOf } from '../select-cells.ts';

export function addInitCommands(program: Command): void {
  program
    .command('init [experiment]')
    .description(
      `write an experiment as a commented file to start from, on stdout (${Object.keys(experiments).join(', ')})`,
    )
    .action((name = 'quick', _options: unknown, command: Command) => {
      const experiment = ownCopy(experimentOf(name));
      printResult(command, asFile(experiment), () => experimentFile(experiment));
    });

  program
    .command('schema')
    .description('the JSON Schema of experiments’ files, by which editors complete and check them')
    .action((_options: unknown, command: Command) => {
      const schema = fileSchema();
      printResult(command, schema, () => JSON.stringify(schema, undefined, 2));
    });
}
