// What every reader gives: images, labels and the classes that the labels count.
import { parse } from 'node:path';
import type { NdArray } from '../numeric/array.ts';

/** One class of a dataset. */
export interface ImageClass {
  /** As the owner of the data names it. */
  readonly name: string;
  /** As the paper's figures name it, or as short. */
  readonly short: string;
  /** Its colour in every figure, `#rrggbb`. */
  readonly colour: string;
}

/** Images `[n, height, width, 3]` (RGB levels), labels `[n]` in 0 … classes − 1. */
export interface ImageSet {
  readonly images: NdArray<Uint8Array>;
  readonly labels: NdArray<Int32Array>;
  readonly classes: readonly ImageClass[];
}

/** Data that cannot be read as what they should be; the message names file, rule, value and way out. */
export class InvalidDataset extends Error {
  override name = 'InvalidDataset';

  constructor(path: string, problem: string, cause?: unknown) {
    const { base, name } = parse(path);
    super(`${base}: ${problem}; "simcne data fetch ${name}" fetches the published file again`, { cause });
  }
}

/** The number of images of each class, in label order. */
export function classCounts({ labels, classes }: Pick<ImageSet, 'labels' | 'classes'>): number[] {
  const counts = new Array<number>(classes.length).fill(0);
  for (const label of labels.data) counts[label]++;
  return counts;
}
