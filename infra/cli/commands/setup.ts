// setup: brings what npm does not, for all packages, checkouts and homes of this user. Commands that need it bring it themselves.
import type { Command } from 'commander';
import { cacheFolder } from '../../../machine/cache-folder.ts';
import { downloadFirstData } from '../../first-run.ts';
import { setUp } from '../../setup/set-up.ts';
import { printResult, say } from '../output.ts';

export function addSetUpCommand(program: Command): void {
  program
    .command('setup')
    .description(
      'bring TensorFlow, the Temporal server and the first data set, so that no more network is needed',
    )
    .action(async (_options: unknown, command: Command) => {
      const progress = (line: string) => say(command, `set-up: ${line}`);
      await setUp(progress);
      await downloadFirstData(progress);
      printResult(command, { cache: cacheFolder() }, () => `all is in ${cacheFolder()}`);
    });
}
