// embed: new images through a trained t-SimCNE network.
import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import type { ImageSource } from '../../../datasets/own/own-images.ts';
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
    .requiredOption('--images <place>', 'a folder of images, or an array of them: .npy, .npz')
    .requiredOption('--output <file>', 'where the embedding [n, 2] is written, .npy')
    .action(async (options: { cell: string; images: string; output: string }, command: Command) => {
      const store = await openHomeStore();
      const cell = cellAt(options.cell);
      const images = await imagesAt(options.images);
      const { embedNewImages } = await import('../../../activities/embed-new-images.ts');
      const embedding = await embedNewImages(store, cell, images.blocks());
      await writeNpyFile(options.output, embedding);
      const [n] = embedding.shape;
      printResult(command, { n }, () => `${options.output}: ${n} images`);
    });
}

async function imagesAt(place: string): Promise<ImageSource> {
  const stats = await stat(place).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${place}: cannot be read (${error.code})`);
  });
  if (!stats.isDirectory()) return openImages(place);
  const { listImageFiles } = await import('../../../datasets/image-files.ts');
  const { openFileImages } = await import('../../../datasets/own/folder-images.ts');
  return openFileImages((await listImageFiles(place)).map(file => ({ file, className: '' })));
}
