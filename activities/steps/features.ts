// features: all images through an ImageNet-pretrained network, with the paper's preprocessing.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { imagenetPicture } from '../../datasets/resize.ts';
import { blocksOf, pretrainedFeatures, readWeights } from '../../learning/pretrained-features.ts';
import { backendName } from '../../learning/tensorflow/backend.ts';
import { openRows } from '../../numeric/arrays/npy-file.ts';
import { writeRows } from '../../numeric/arrays/npy-writer.ts';
import { weightsFile } from '../artifact-files.ts';
import { imageFile, type StepWork } from '../step-work.ts';

export const features: StepWork<'features'> = async ({ settings, inputs, folder, signal, onProgress }) => {
  const images = openRows(imageFile(inputs.images));
  const weights = readWeights(await readFile(path.join(inputs.weights.folder, weightsFile)));
  const started = Date.now();
  const batches = pretrainedFeatures(settings.network, weights, blocksOf(images), {
    preprocess: imagenetPicture,
    signal,
    onProgress: (done, total) =>
      onProgress({ fraction: done / total, text: `features of ${settings.network}` }),
  });
  const [n, dimension] = await writeRows(path.join(folder, 'features.npy'), images.shape[0], batches);
  images.close();
  const imagesPerSecond = (1000 * n) / (Date.now() - started);
  return { summary: { n, dimension, imagesPerSecond }, backend: backendName };
};
