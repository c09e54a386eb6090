// embed: all images, as they are, through a trained network in evaluation mode.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { backendName } from '../../learning/backend.ts';
import { embed as embedImages } from '../../learning/embed.ts';
import { readWeights } from '../../learning/pretrained-features.ts';
import type { NdArray } from '../../numeric/array.ts';
import { encodeNpy } from '../../numeric/npy.ts';
import { networkFile } from '../artifact-files.ts';
import { readArray, type StepWork } from '../step-work.ts';

export const embed: StepWork<'embed'> = async ({ settings, inputs, folder, signal, onProgress }) => {
  const images = (await readArray(inputs.images)) as NdArray<Uint8Array>;
  const weights = readWeights(await readFile(path.join(inputs.network.folder, networkFile)));
  const { embedding, features } = await embedImages(weights, images, settings, {
    signal,
    onProgress: (done, total) => onProgress({ fraction: done / total, text: 'embedding images' }),
  });
  await writeFile(path.join(folder, 'embedding.npy'), encodeNpy(embedding));
  await writeFile(path.join(folder, 'features.npy'), encodeNpy(features));
  return { summary: { n: images.shape[0], dimension: embedding.shape[1] }, backend: backendName };
};
