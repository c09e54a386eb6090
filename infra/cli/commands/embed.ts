// embed: new images through a trained t-SimCNE network.
import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import type { ImageList } from '../../../activities/embed-new-images.ts';
import { ndarray } from '../../../numeric/array.ts';
import { openHomeStore } from '../../open-home-store.ts';
import { openImages, writeNpyFile } from '../npy-files.ts';
import { printResult } from '../output.ts';
import { cellAt } from '../select-cells.ts';
import { UsageError } from '../usage-error.ts';

export function addEmbedCommand(program: Command): void {
  program
    .command('embed')
    .description('new images through a trained t-SimCNE network (out of sample)')
    .requiredOption('--cell <cell>', '<experiment>/<address> of a trained cell')
    .requiredOption('--images <place>', 'a folder of images, or uint8 [n, height, width, 3] as .npy')
    .requiredOption('--output <file>', 'where the embedding [n, 2] is written, .npy')
    .action(async (options: { cell: string; images: string; output: string }, command: Command) => {
      const store = await openHomeStore();
      const cell = cellAt(options.cell);
      const images = await imagesAt(options.images);
      const { embedNewImages } = await import('../../../activities/embed-new-images.ts');
      const embedding = await embedNewImages(store, cell, images);
      await writeNpyFile(options.output, embedding);
      const [n] = embedding.shape;
      printResult(command, { n }, () => `${options.output}: ${n} images`);
    });
}

async function imagesAt(place: string): Promise<ImageList> {
  const stats = await stat(place).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${place}: cannot be read (${error.code})`);
  });
  if (stats.isDirectory()) {
    const { readImageFiles } = await import('../../../datasets/image-files.ts');
    const files = await readImageFiles(place);
    return { n: files.length, image: index => files[index].image };
  }
  const rows = openImages(place);
  const [n, ...size] = rows.shape;
  return { n, image: index => ndarray(rows.read(index, index + 1).data, size) };
}
