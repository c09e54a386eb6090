// data: the data sets and pretrained weights; a file a subcommand. Each answers `{datasets: […]}`.
import type { Command } from 'commander';
import { addDataFetchCommand } from './data/fetch.ts';
import { addDataListCommand } from './data/list.ts';

export function addDataCommand(program: Command): void {
  const data = program.command('data').description('data sets and pretrained weights');
  addDataListCommand(data);
  addDataFetchCommand(data);
}
