// data list: what there is, and what is here.
import type { Command } from 'commander';
import { ownSets } from '../../../../activities/own-sets.ts';
import { openStore } from '../../../../artifacts/store.ts';
import { storeFolder } from '../../../home.ts';
import { alignColumns, printResult } from '../../output.ts';
import { type DatasetLine, datasetLine, fetchables } from './fetchables.ts';
import { ownSetLine } from './own-set-line.ts';

export function addDataListCommand(data: Command): void {
  data
    .command('list')
    .description('what there is, and what is here')
    .action(async (_options: unknown, command: Command) => {
      const store = await openStore(storeFolder());
      const lines: DatasetLine[] = [];
      for (const one of fetchables()) lines.push(await datasetLine(one, store));
      lines.push(...ownSets(store.folder).map(set => ownSetLine(set, store.folder)));
      printResult(command, { datasets: lines }, () => datasetLinesText(lines));
    });
}

/** The lines as a table: name, state, images, classes, size, title. */
export function datasetLinesText(lines: DatasetLine[]): string {
  return alignColumns([
    ['name', 'state', 'images', 'classes', 'size', 'title'],
    ...lines.map(({ name, state, n, classes, imageSize, title }) => [
      name,
      state,
      String(n ?? ''),
      String(classes?.length ?? ''),
      imageSize?.join('×') ?? (n === null ? '' : 'various'),
      title,
    ]),
  ]);
}
