// data list: what there is, and what is here.
import type { Command } from 'commander';
import { ownSets } from '../../../../activities/own-sets.ts';
import { openHomeStore } from '../../../open-home-store.ts';
import { alignColumns, printResult } from '../../output.ts';
import { type DatasetLine, datasetLine, fetchables } from './fetchables.ts';
import { ownSetLine } from './own-set-line.ts';

export function addDataListCommand(data: Command): void {
  data
    .command('list')
    .description('what there is, and what is here')
    .action(async (_options: unknown, command: Command) => {
      const store = await openHomeStore();
      const lines: DatasetLine[] = [];
      for (const one of fetchables()) lines.push(await datasetLine(one, store));
      lines.push(...ownSets(store.folder).map(set => ownSetLine(set, store.folder)));
      printResult(command, { datasets: lines }, () => datasetLinesText(lines));
    });
}

/** The lines as a table: name, state, images, classes, size, title; then the files of sets of which some are still missing. */
export function datasetLinesText(lines: DatasetLine[]): string {
  const sets = alignColumns([
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
  const partly = lines.filter(({ state, files }) => state === 'not fetched' && files.length > 1);
  const files = partly.map(one => {
    const rows = one.files.map(({ name, state, bytes }) => [`  ${name}`, state, size(bytes)]);
    return `\n\nfiles of ${one.name}:\n${alignColumns(rows)}`;
  });
  return sets + files.join('');
}

function size(bytes: number | undefined): string {
  if (bytes === undefined) return '';
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${Math.ceil(bytes / 1e6)} MB`;
}
