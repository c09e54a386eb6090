// Features of ImageNet-pretrained ResNets (torchvision's IMAGENET1K_V1 weights), the paper's baselines.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type NdArray, ndarray } from '../numeric/arrays/array.ts';
import { openRows, type RowReader } from '../numeric/arrays/npy-file.ts';
import type { BatchHooks } from './embed.ts';
import { ResNet, type ResNetShape, resnet18, resnet152 } from './networks/resnet.ts';
import { storedWeights, type WeightSource } from './networks/weight.ts';
import { tf } from './tensorflow/backend.ts';
import type { NamedTensors } from './weights/named-tensors.ts';
import { decodePytorchFile, isPytorchFile } from './weights/pytorch-file.ts';
import { decodeSafetensors } from './weights/safetensors.ts';

export type PretrainedName = 'resnet18' | 'resnet152';

const shapes = { resnet18: resnet18('imagenet', 64), resnet152 } satisfies Record<
  PretrainedName,
  ResNetShape
>;

export interface PretrainedHooks extends BatchHooks {
  /** Turns one image [h, w, 3] into the network's [224, 224, 3]: resize to 256, middle 224 (torchvision on Pillow). */
  preprocess: (image: NdArray<Uint8Array>) => NdArray<Uint8Array>;
}

export interface ImageBlocks {
  readonly n: number;
  readonly blocks: AsyncIterable<NdArray<Uint8Array>>;
}

// The channels' mean and standard deviation over ImageNet: torchvision's `ImageClassification` preset.
const imageNet = { mean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225] };
const batchSize = 32;

/** A pretrained backbone without its last layer, ready to evaluate. */
export class PretrainedNetwork {
  readonly #backbone: ResNet;

  constructor(name: PretrainedName, source: WeightSource) {
    this.#backbone = new ResNet(shapes[name], '', source);
  }

  /** Normalised images [n, h, w, 3] → pooled features [n, 512] (ResNet18) or [n, 2048] (ResNet152). */
  features({ data, shape }: NdArray<Float32Array>): NdArray<Float32Array> {
    const x = tf.tensor4d(data, shape as [number, number, number, number]);
    const y = this.#backbone.forward(x, 'evaluate');
    const features = ndarray(y.dataSync() as Float32Array, y.shape);
    tf.dispose([x, y]);
    return features;
  }

  dispose(): void {
    for (const weight of this.#backbone.weights) weight.dispose();
  }
}

/**
 * Yields the pooled features of `n` images batch by batch, in evaluation mode; `preprocess` is called once for each image. They
 * come in `blocks` [some, h, w, 3], each of any size. Only a batch and a block are held.
 */
export async function* pretrainedFeatures(
  name: PretrainedName,
  weights: NamedTensors,
  { n, blocks }: ImageBlocks,
  { preprocess, onProgress, signal }: PretrainedHooks,
): AsyncGenerator<NdArray<Float32Array>> {
  const network = new PretrainedNetwork(name, storedWeights(weights));
  let [done, prepared] = [0, [] as NdArray<Uint8Array>[]];
  try {
    for await (const block of blocks) {
      const images = openRows(block);
      for (let i = 0; i < block.shape[0]; i++) {
        prepared.push(preprocess(imageAt(images, i)));
        done += 1;
        if (prepared.length < batchSize && done < n) continue;
        yield network.features(normalisedBatch(prepared));
        prepared = [];
        onProgress?.(done, n);
        await nextTurn();
        signal?.throwIfAborted();
      }
    }
  } finally {
    network.dispose();
  }
}

/** The images of an array, some at a time. */
export function blocksOf(images: RowReader<Uint8Array>): ImageBlocks {
  const [n] = images.shape;
  async function* blocks() {
    for (let first = 0; first < n; first += batchSize)
      yield images.read(first, Math.min(n, first + batchSize));
  }
  return { n, blocks: blocks() };
}

/** Levels 0…255 of images [h, w, 3] → [n, h, w, 3]: level / 255, minus the channel's mean, by its standard deviation. */
export function normalisedBatch(
  images: readonly NdArray<Uint8Array>[],
  { mean, standardDeviation }: typeof imageNet = imageNet,
): NdArray<Float32Array> {
  const size = images[0].data.length;
  const data = new Float32Array(images.length * size);
  images.forEach(({ data: levels }, image) => {
    for (let i = 0; i < size; i++) {
      data[image * size + i] = (levels[i] / 255 - mean[i % 3]) / standardDeviation[i % 3];
    }
  });
  return ndarray(data, [images.length, ...images[0].shape]);
}

/** Weights from a file's bytes, with torchvision's names: a PyTorch `.pth`, known by its first bytes, or else safetensors. */
export function readWeights(bytes: Uint8Array): NamedTensors {
  return isPytorchFile(bytes) ? decodePytorchFile(bytes) : decodeSafetensors(bytes).tensors;
}

function imageAt(images: RowReader<Uint8Array>, index: number): NdArray<Uint8Array> {
  const { data, shape } = images.read(index, index + 1);
  return ndarray(data, shape.slice(1));
}
