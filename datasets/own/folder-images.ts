// Images of one's own as files: decoded some at a time, in order.
import { availableParallelism } from 'node:os';
import { type NdArray, ndarray } from '../../numeric/array.ts';
import { readImageFile } from '../image-files.ts';
import type { LabelledFile } from './list-images.ts';
import { labelled, type OwnImages } from './own-images.ts';

const atOnce = 2 * availableParallelism(); // decoders at work

/** A listing of files as a set; every image is a block of its own, as each may have its size. */
export function openFileImages(files: readonly LabelledFile[]): OwnImages {
  return {
    ...labelled(files.map(({ className }) => className)),
    async *blocks(signal) {
      for (let first = 0; first < files.length; first += atOnce) {
        signal?.throwIfAborted();
        const some = files.slice(first, first + atOnce);
        const images = await Promise.all(some.map(({ file }) => readImageFile(file)));
        for (const { image } of images) yield asBlock(image);
      }
    },
  };
}

function asBlock({ data, shape }: NdArray<Uint8Array>): NdArray<Uint8Array> {
  return ndarray(data, [1, ...shape]);
}
