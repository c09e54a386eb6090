// prepare: images of one size with their labels, border colour and thumbnails, from the files of a data set.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { datasetNamed } from '../../datasets/catalogue.ts';
import { prepareImages } from '../../datasets/prepare.ts';
import { thumbnailAtlas } from '../../datasets/thumbnails.ts';
import { ndarray } from '../../numeric/array.ts';
import { encodeNpy } from '../../numeric/npy.ts';
import type { PreparedDataset } from '../artifact-files.ts';
import { type StepWork, typescriptBackend } from '../step-work.ts';

export const prepare: StepWork<'prepare'> = async ({ settings, inputs, folder, onProgress }) => {
  const dataset = datasetNamed(settings.dataset);
  onProgress({ text: 'reading images' });
  const paths = new Map(dataset.files.map(file => [file.name, path.join(inputs.files.folder, file.name)]));
  const whole = await dataset.read(paths);
  const prepared = await prepareImages(whole, {
    imageSize: settings.imageSize,
    count: settings.images,
    seed: settings.seed,
  });
  onProgress({ text: 'drawing thumbnails' });
  const atlas = await thumbnailAtlas(prepared.images);
  const [n] = prepared.images.shape;
  const description: PreparedDataset = {
    dataset: settings.dataset,
    title: dataset.title,
    n,
    nWhole: whole.images.shape[0],
    imageSize: settings.imageSize,
    classes: prepared.classes.map((one, label) => ({ ...one, count: prepared.counts[label] })),
    borderColour: prepared.borderColour,
    thumbnails: { columns: atlas.columns, tile: atlas.tile },
  };
  const write = (name: string, contents: string | Uint8Array) => writeFile(path.join(folder, name), contents);
  await write('images.npy', encodeNpy(prepared.images));
  await write('labels.npy', encodeNpy(prepared.labels));
  await write('source-indices.npy', encodeNpy(ndarray(prepared.sourceIndices, [n])));
  await write('thumbnails.png', atlas.png);
  await write('dataset.json', JSON.stringify(description, undefined, 2));
  return { summary: { n, classes: prepared.classes.length }, backend: typescriptBackend };
};
