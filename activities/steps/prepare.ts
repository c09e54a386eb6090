// prepare: images of one size with their labels, border colour and thumbnails, from the files of a data set, block by block.
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { BorderMean } from '../../datasets/border-colour.ts';
import { datasetNamed } from '../../datasets/catalogue.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { openStoredImages } from '../../datasets/own/stored-images.ts';
import { type PreparedImages, prepareImages } from '../../datasets/prepare.ts';
import { ThumbnailPainter, thumbnailFile, thumbnailLayout } from '../../datasets/thumbnails.ts';
import { ndarray } from '../../numeric/arrays/array.ts';
import { encodeNpy } from '../../numeric/arrays/npy.ts';
import { writeRows } from '../../numeric/arrays/npy-writer.ts';
import { groupsFile, type PreparedDataset } from '../artifact-files.ts';
import { type StepJob, type StepWork, typescriptBackend } from '../step-work.ts';

export const prepare: StepWork<'prepare'> = job => {
  const { dataset: name, content } = job.settings;
  if (content === undefined) return prepareDataset(datasetNamed(name), job);
  const open = () => openStoredImages(job.inputs.files.folder);
  return prepareDataset({ title: name, files: [], open }, job);
};

type Readable = Pick<Dataset, 'title' | 'files' | 'open'>;
type PrepareJob = Pick<StepJob<'prepare'>, 'settings' | 'inputs' | 'folder' | 'signal' | 'onProgress'>;

/** The step for a data set, wherever that is known from. Never more than a block of a large set is in memory. */
export async function prepareDataset(dataset: Readable, job: PrepareJob): ReturnType<StepWork<'prepare'>> {
  const { settings, inputs, folder, onProgress } = job;
  const scratch = path.join(folder, 'scratch');
  try {
    onProgress({ text: 'reading labels' });
    const paths = dataset.files.map(({ name }) => [name, path.join(inputs.files.folder, name)] as const);
    const whole = await dataset.open(new Map(paths), scratch);
    const { imageSize, images: count, seed } = settings;
    const prepared = prepareImages(whole, { imageSize, count, seed });
    const seen = await writeImages(prepared, job);
    const [n] = prepared.shape;
    const description: PreparedDataset = {
      dataset: settings.dataset,
      title: dataset.title,
      ...(settings.content !== undefined && { own: true }),
      n,
      nWhole: whole.labels.data.length,
      imageSize,
      classes: prepared.classes.map((one, label) => ({ ...one, count: prepared.counts[label] })),
      ...seen,
    };
    const write = (name: string, contents: string | Uint8Array) =>
      writeFile(path.join(folder, name), contents);
    await write('labels.npy', encodeNpy(prepared.labels));
    if (prepared.groups) await write(groupsFile, encodeNpy(ndarray(prepared.groups, [n])));
    await write('source-indices.npy', encodeNpy(ndarray(prepared.sourceIndices, [n])));
    await write('dataset.json', JSON.stringify(description, undefined, 2));
    return { summary: { n, classes: prepared.classes.length }, backend: typescriptBackend };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Writes `images.npy` and the thumbnails in one go through the images; answers what was seen on the way. */
async function writeImages(
  { shape: [n, size], blocks }: PreparedImages,
  { folder, signal, onProgress }: PrepareJob,
): Promise<Pick<PreparedDataset, 'borderColour' | 'thumbnails'>> {
  const border = new BorderMean();
  const layout = thumbnailLayout(n, size);
  const thumbnails = new ThumbnailPainter(n, layout, (picture, png) =>
    writeFile(path.join(folder, thumbnailFile(picture)), png),
  );
  async function* seen() {
    let done = 0;
    for await (const block of blocks(signal)) {
      border.add(block);
      await thumbnails.add(block);
      done += block.shape[0];
      onProgress({ text: 'preparing images', fraction: done / n });
      yield block;
    }
  }
  await writeRows(path.join(folder, 'images.npy'), n, seen());
  return { borderColour: border.colour(), thumbnails: layout };
}
