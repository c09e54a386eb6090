// data: the data sets, images of one's own and pretrained weights; a file a subcommand. Each answers `{datasets: […]}`.
import type { Command } from 'commander';
import { addDataAddCommand } from './data/add.ts';
import { addDataFetchCommand } from './data/fetch.ts';
import { addDataListCommand } from './data/list.ts';
import { addDataRemoveCommand } from './data/remove.ts';

export function addDataCommand(program: Command): void {
  const data = program.command('data').description('data sets, images of your own, and pretrained weights');
  addDataListCommand(data);
  addDataFetchCommand(data);
  addDataAddCommand(data);
  addDataRemoveCommand(data);
}
