// What every reader gives: labels, the classes that they count, and images, all at once or block by block.
import { parse } from 'node:path';
import { type NdArray, sizeOf, takeRows } from '../numeric/arrays/array.ts';

/** One class of a dataset. */
export interface ImageClass {
  /** As the owner of the data names it. */
  readonly name: string;
  /** As the paper's figures name it, or as short. */
  readonly short: string;
  /** Its colour in every figure, `#rrggbb`. */
  readonly colour: string;
}

/** A dataset that is being read: its labels are here, its images come in blocks, so that a set may be larger than memory. */
export interface OpenDataset {
  /** `[n]`, in 0 … classes − 1; −1 where an image of the user's own has no class. */
  readonly labels: NdArray<Int32Array>;
  /** `[n]`: images of one group (a patient, a slide) are never tested against each other; absent where there are none. */
  readonly groups?: Int32Array;
  readonly classes: readonly ImageClass[];
  /**
   * The images that stand at `indices` (ascending), in that order: blocks `[b, height, width, 3]` of RGB levels. All images
   * of a block are of one size; blocks may differ. What is not asked for need not be read.
   * @throws InvalidDataset
   */
  images(indices: Int32Array, signal?: AbortSignal): AsyncIterable<NdArray<Uint8Array>>;
}

/** A whole set in memory: images `[n, height, width, 3]` (RGB levels), labels `[n]` in 0 … classes − 1. */
export interface ImageSet {
  readonly images: NdArray<Uint8Array>;
  readonly labels: NdArray<Int32Array>;
  readonly classes: readonly ImageClass[];
}

/** Data that cannot be read as what they should be; the message names file, rule, value and way out. */
export class InvalidDataset extends Error {
  override name = 'InvalidDataset';

  /** `dataset`: the name that it is fetched by, where that is not the file's own. */
  constructor(path: string, problem: string, cause?: unknown, dataset = parse(path).name) {
    const { base } = parse(path);
    super(`${base}: ${problem}; "simcne data fetch ${dataset}" fetches the published file again`, { cause });
  }
}

const blockBytes = 1 << 24; // some thousand small images

/** A set in memory, read as one that is not. */
export function openInMemory({ images, labels, classes }: ImageSet): OpenDataset {
  const most = Math.max(1, Math.floor(blockBytes / sizeOf(images.shape.slice(1))));
  return {
    labels,
    classes,
    async *images(indices) {
      for (let first = 0; first < indices.length; first += most) {
        yield takeRows(images, indices.subarray(first, first + most));
      }
    },
  };
}

/** The number of images of each class, in label order. */
export function classCounts({ labels, classes }: Pick<ImageSet, 'labels' | 'classes'>): number[] {
  const counts = new Array<number>(classes.length).fill(0);
  for (const label of labels.data) if (label >= 0) counts[label]++;
  return counts;
}
