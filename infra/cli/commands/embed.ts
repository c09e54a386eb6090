// embed: new images through a trained t-SimCNE network.
import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { writeWhole } from '../../../artifacts/durable.ts';
import type { LevelRange } from '../../../datasets/own/levels.ts';
import type { ImageSource, OwnImages } from '../../../datasets/own/own-images.ts';
import type { NdArray } from '../../../numeric/arrays/array.ts';
import { csvText } from '../../../reports/table/csv.ts';
import { openHomeStore } from '../../open-home-store.ts';
import { namedPlace } from '../experiment-file/read-experiment-file.ts';
import { openImages, writeNpyFile } from '../npy-files.ts';
import { printResult, say } from '../output.ts';
import { cellAt } from '../select-cells.ts';
import { UsageError } from '../usage-error.ts';
import { openFolder, type PictureOptions, parseLevels, withPictureOptions } from './data/open-own-images.ts';

interface EmbedOptions extends PictureOptions {
  cell: string;
  images: string;
  output: string;
}

export function addEmbedCommand(program: Command): void {
  withPictureOptions(program.command('embed'))
    .description('new images through a trained t-SimCNE network (out of sample)')
    .requiredOption('--cell <cell>', '<experiment>/<address> of a trained cell')
    .requiredOption('--images <place>', 'a folder of images, or an array of them: .npy, .npz')
    .requiredOption(
      '--output <file>',
      'where the embedding [n, 2] is written, .npy; beside it the same with names, .csv',
    )
    .action(async (options: EmbedOptions, command: Command) => {
      const store = await openHomeStore();
      const cell = cellAt(await namedPlace(options.cell));
      const { embedNewImages, levelRangeOf } = await import('../../../activities/embed-new-images.ts');
      const images = await imagesAt(command, options, await levelRangeOf(store, cell));
      const embedding = await embedNewImages(store, cell, images.blocks());
      await writeNpyFile(options.output, embedding);
      const table = options.output.replace(/(\.npy)?$/i, '.csv');
      await writeWhole(table, placesCsv(images.files, embedding));
      const { n, files } = images;
      const { leftOut } = images as Partial<OwnImages>;
      printResult(
        command,
        { n, files, leftOut },
        () => `${options.output}: ${n} images; with their names in ${table}`,
      );
    });
}

async function imagesAt(
  command: Command,
  options: EmbedOptions,
  range: LevelRange | undefined,
): Promise<ImageSource> {
  const { images: place } = options;
  const stats = await stat(place).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${place}: cannot be read (${error.code})`);
  });
  if (stats.isDirectory()) return openFolder(command, place, options, { classLevel: 0 }, range);
  const images = await openImages(place, parseLevels(options.levels) ?? range);
  for (const words of images.understood ?? []) say(command, words);
  return images;
}

/** `file,x,y`, a row an image. */
function placesCsv(files: readonly string[], { data }: NdArray<Float32Array>): string {
  return csvText([
    ['file', 'x', 'y'],
    ...files.map((file, i) => [file, String(data[2 * i]), String(data[2 * i + 1])]),
  ]);
}
