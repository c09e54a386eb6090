// Images through a trained network, in evaluation mode and without augmentation.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type NdArray, ndarray } from '../numeric/arrays/array.ts';
import type { RowReader } from '../numeric/arrays/npy-file.ts';
import { ContrastiveNetwork, imageTensor } from './networks/contrastive-network.ts';
import { lastLayerName } from './networks/projection-head.ts';
import { storedWeights } from './networks/weight.ts';
import { tf } from './tensorflow/backend.ts';
import type { TrainingSettings } from './training-settings.ts';
import type { NamedTensors } from './weights/named-tensors.ts';

export interface BatchHooks {
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
}

const batchSize = 512;

/** Some rows of what a network gives for images. */
export interface EmbeddedBatch {
  /** `[some, output dimension]`, the head's output. */
  readonly embedding: NdArray<Float32Array>;
  /** `[some, 8 · width]`, the backbone's. */
  readonly features: NdArray<Float32Array>;
}

/** Yields embedding and features of `images` `[n, h, w, 3]` batch by batch, in their order; only a batch is held. */
export async function* embed(
  weights: NamedTensors,
  images: RowReader<Uint8Array>,
  { network: shape }: Pick<TrainingSettings, 'network'>,
  { onProgress, signal }: BatchHooks = {},
): AsyncGenerator<EmbeddedBatch> {
  const outputDimension = weights.get(lastLayerName)?.shape[0] ?? 0;
  const network = new ContrastiveNetwork(shape, outputDimension, storedWeights(weights));
  try {
    const n = images.shape[0];
    for (let first = 0; first < n; first += batchSize) {
      const end = Math.min(n, first + batchSize);
      yield evaluateBatch(network, images.read(first, end));
      onProgress?.(end, n);
      await nextTurn();
      signal?.throwIfAborted();
    }
  } finally {
    network.dispose();
  }
}

function evaluateBatch(network: ContrastiveNetwork, images: NdArray<Uint8Array>): EmbeddedBatch {
  const x = imageTensor(images);
  const { features, output } = network.forward(x, 'evaluate');
  const results = {
    embedding: ndarray(output.dataSync() as Float32Array, output.shape),
    features: ndarray(features.dataSync() as Float32Array, features.shape),
  };
  tf.dispose([x, features, output]);
  return results;
}
