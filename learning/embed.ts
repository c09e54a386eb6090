// Images through a trained network, in evaluation mode and without augmentation.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type NdArray, ndarray } from '../numeric/array.ts';
import { tf } from './backend.ts';
import type { NamedTensors } from './named-tensors.ts';
import { ContrastiveNetwork, imageTensor } from './networks/contrastive-network.ts';
import { lastLayerName } from './networks/projection-head.ts';
import { storedWeights } from './networks/weight.ts';
import type { TrainingSettings } from './training-settings.ts';

export interface BatchHooks {
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
}

const batchSize = 512;

/**
 * `images` [n, h, w, 3] → `embedding` [n, output dimension], the head's output, and `features` [n, 8 · width], the backbone's.
 */
export async function embed(
  weights: NamedTensors,
  images: NdArray<Uint8Array>,
  { network: shape }: Pick<TrainingSettings, 'network'>,
  { onProgress, signal }: BatchHooks = {},
): Promise<{ embedding: NdArray<Float32Array>; features: NdArray<Float32Array> }> {
  const outputDimension = weights.get(lastLayerName)?.shape[0] ?? 0;
  const network = new ContrastiveNetwork(shape, outputDimension, storedWeights(weights));
  const n = images.shape[0];
  const embedding = new Float32Array(n * outputDimension);
  const features = new Float32Array(n * 8 * shape.width);
  for (let first = 0; first < n; first += batchSize) {
    const batch = rows(images, first, Math.min(n, first + batchSize));
    const results = evaluateBatch(network, batch);
    embedding.set(results.output, first * outputDimension);
    features.set(results.features, first * 8 * shape.width);
    onProgress?.(first + batch.shape[0], n);
    await nextTurn();
    signal?.throwIfAborted();
  }
  network.dispose();
  return {
    embedding: ndarray(embedding, [n, outputDimension]),
    features: ndarray(features, [n, 8 * shape.width]),
  };
}

function evaluateBatch(network: ContrastiveNetwork, images: NdArray<Uint8Array>) {
  const x = imageTensor(images);
  const { features, output } = network.forward(x, 'evaluate');
  const results = {
    features: features.dataSync() as Float32Array,
    output: output.dataSync() as Float32Array,
  };
  tf.dispose([x, features, output]);
  return results;
}

/** The images `first` … `end` − 1, without copying. */
export function rows(images: NdArray<Uint8Array>, first: number, end: number): NdArray<Uint8Array> {
  const size = images.data.length / images.shape[0];
  return ndarray(images.data.subarray(first * size, end * size), [end - first, ...images.shape.slice(1)]);
}
