// features: all images through an ImageNet-pretrained network, with the paper's preprocessing.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { imagenetPicture } from '../../datasets/resize.ts';
import { backendName } from '../../learning/backend.ts';
import { pretrainedFeatures, readWeights } from '../../learning/pretrained-features.ts';
import type { NdArray } from '../../numeric/array.ts';
import { encodeNpy } from '../../numeric/npy.ts';
import { weightsFile } from '../artifact-files.ts';
import { readArray, type StepWork } from '../step-work.ts';

export const features: StepWork<'features'> = async ({ settings, inputs, folder, signal, onProgress }) => {
  const images = (await readArray(inputs.images)) as NdArray<Uint8Array>;
  const weights = readWeights(await readFile(path.join(inputs.weights.folder, weightsFile)));
  const started = Date.now();
  const result = await pretrainedFeatures(settings.network, weights, images, {
    preprocess: imagenetPicture,
    signal,
    onProgress: (done, total) =>
      onProgress({ fraction: done / total, text: `features of ${settings.network}` }),
  });
  await writeFile(path.join(folder, 'features.npy'), encodeNpy(result));
  const [n, dimension] = result.shape;
  const imagesPerSecond = (1000 * n) / (Date.now() - started);
  return { summary: { n, dimension, imagesPerSecond }, backend: backendName };
};
