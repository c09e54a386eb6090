// embed: all images, as they are, through a trained network in evaluation mode.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { embed as embedImages } from '../../learning/embed.ts';
import { readWeights } from '../../learning/pretrained-features.ts';
import { backendName } from '../../learning/tensorflow/backend.ts';
import { openRows } from '../../numeric/arrays/npy-file.ts';
import { NpyWriter } from '../../numeric/arrays/npy-writer.ts';
import { networkFile } from '../artifact-files.ts';
import { imageFile, type StepWork } from '../step-work.ts';

export const embed: StepWork<'embed'> = async ({ settings, inputs, folder, signal, onProgress }) => {
  const images = openRows(imageFile(inputs.images));
  const weights = readWeights(await readFile(path.join(inputs.network.folder, networkFile)));
  const [n] = images.shape;
  const embedding = await NpyWriter.create(path.join(folder, 'embedding.npy'), n);
  const features = await NpyWriter.create(path.join(folder, 'features.npy'), n);
  const batches = embedImages(weights, images, settings, {
    signal,
    onProgress: (done, total) => onProgress({ fraction: done / total, text: 'embedding images' }),
  });
  for await (const batch of batches) {
    await embedding.write(batch.embedding);
    await features.write(batch.features);
  }
  const [, dimension] = await embedding.close();
  await features.close();
  images.close();
  return { summary: { n, dimension }, backend: backendName };
};
