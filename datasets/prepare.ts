// From a dataset as it is published to the images that a network is trained on: a subset, at one size, block by block.
import { setImmediate } from 'node:timers/promises';
import { type NdArray, ndarray, takeRows } from '../numeric/arrays/array.ts';
import { Random } from '../numeric/random.ts';
import { stratifiedSubset } from '../numeric/scores/stratified-split.ts';
import { classCounts, type ImageClass, type OpenDataset } from './image-set.ts';
import { resizeBicubic } from './resize.ts';

export interface PrepareSettings {
  /** Height and width of the prepared images, in pixels. */
  readonly imageSize: number;
  /** How many images, spread over the classes as in the whole set; all of them where the set has no more. */
  readonly count: 'all' | number;
  /** Which images a subset holds. */
  readonly seed: number;
}

export interface PreparedImages {
  /** Of all images together: `[n, imageSize, imageSize, 3]`. */
  readonly shape: readonly [n: number, height: number, width: number, channels: 3];
  /** `[n]`, in 0 … classes − 1; −1: no class. */
  readonly labels: NdArray<Int32Array>;
  /** `[n]`, where the whole set has groups. */
  readonly groups?: Int32Array;
  readonly classes: readonly ImageClass[];
  /** Images of each class. */
  readonly counts: number[];
  /** Where each image stands in the whole set. */
  readonly sourceIndices: Int32Array;
  /** Reads, resizes and gives the images, in order, in blocks `[b, imageSize, imageSize, 3]` of RGB levels. */
  blocks(signal?: AbortSignal): AsyncGenerator<NdArray<Uint8Array>, void>;
}

/** Takes the subset, and resizes what is of another size as the authors do (Pillow's bicubic; scripts/leukemia.py). */
export function prepareImages(
  whole: OpenDataset,
  { imageSize, count, seed }: PrepareSettings,
): PreparedImages {
  const total = whole.labels.data.length;
  const isWhole = count === 'all' || count >= total;
  const sourceIndices = isWhole
    ? Int32Array.from({ length: total }, (_, i) => i)
    : stratifiedSubset(whole.labels.data, count, new Random(seed).fork('subset'));
  const labels = isWhole ? whole.labels : takeRows(whole.labels, sourceIndices);
  return {
    shape: [sourceIndices.length, imageSize, imageSize, 3],
    labels,
    groups: whole.groups && sourceIndices.map(i => whole.groups![i]),
    classes: whole.classes,
    counts: classCounts({ labels, classes: whole.classes }),
    sourceIndices,
    async *blocks(signal) {
      signal?.throwIfAborted();
      for await (const block of whole.images(sourceIndices, signal)) {
        yield await resizeAll(block, imageSize, signal);
        await setImmediate(); // heartbeats go out
        signal?.throwIfAborted();
      }
    },
  };
}

const breathe = 500; // images between two looks at the event loop, so that heartbeats go out

async function resizeAll(
  images: NdArray<Uint8Array>,
  size: number,
  signal?: AbortSignal,
): Promise<NdArray<Uint8Array>> {
  const [n, height, width] = images.shape;
  if (height === size && width === size) return images;
  const [from, to] = [height * width * 3, size * size * 3];
  const resized = new Uint8Array(n * to);
  for (let i = 0; i < n; i++) {
    const image = ndarray(images.data.subarray(i * from, (i + 1) * from), [height, width, 3]);
    resized.set(resizeBicubic(image, size).data, i * to);
    if (i % breathe === 0) {
      await setImmediate();
      signal?.throwIfAborted();
    }
  }
  return ndarray(resized, [n, size, size, 3]);
}
