// A rectangle of an image, resized: bilinear with antialiasing, in Pillow's arithmetic (`Resample.c`, 8 bits a channel).
import type { NdArray } from '../../numeric/array.ts';
import { type BilinearWeights, bilinearWeights, weightBits } from './bilinear-weights.ts';
import type { Crop } from './view-parameters.ts';

const half = 1 << (weightBits - 1);

/**
 * Cuts `crop` out of `image` `[height, width, 3]` and resizes it to the shape of `target`, which is returned:
 * horizontally first, rounded to levels between the two passes. (Pillow 13 begins with the columns where an image loses
 * more than twice as many rows as columns, which may change a level by 1. Training only ever enlarges crops.)
 * `narrowed` holds the result of the first pass: at least crop height × target width × 3 bytes.
 */
export function resizedCrop(
  image: NdArray<Uint8Array>,
  crop: Crop,
  target: NdArray<Uint8Array>,
  narrowed: Uint8Array = new Uint8Array(crop.height * target.shape[1] * 3),
): NdArray<Uint8Array> {
  const [targetHeight, targetWidth] = target.shape;
  resizeRows(image, crop, bilinearWeights(crop.width, targetWidth), targetWidth, narrowed);
  resizeColumns(narrowed, targetWidth * 3, bilinearWeights(crop.height, targetHeight), target.data);
  return target;
}

/** Writes the rows of the crop at the new width. */
function resizeRows(
  image: NdArray<Uint8Array>,
  crop: Crop,
  weights: BilinearWeights,
  targetWidth: number,
  narrowed: Uint8Array,
): void {
  const source = image.data;
  const { taps, starts, counts, values } = weights;
  for (let row = 0, to = 0; row < crop.height; row++) {
    const rowStart = ((crop.top + row) * image.shape[1] + crop.left) * 3;
    for (let column = 0; column < targetWidth; column++, to += 3) {
      let from = rowStart + starts[column] * 3;
      let tap = column * taps;
      const end = tap + counts[column];
      const first = values[tap++];
      const second = values[tap++];
      let red = (half + Math.imul(source[from], first) + Math.imul(source[from + 3], second)) | 0;
      let green = (half + Math.imul(source[from + 1], first) + Math.imul(source[from + 4], second)) | 0;
      let blue = (half + Math.imul(source[from + 2], first) + Math.imul(source[from + 5], second)) | 0;
      for (from += 6; tap < end; tap++, from += 3) {
        red = (red + Math.imul(source[from], values[tap])) | 0;
        green = (green + Math.imul(source[from + 1], values[tap])) | 0;
        blue = (blue + Math.imul(source[from + 2], values[tap])) | 0;
      }
      narrowed[to] = red >> weightBits;
      narrowed[to + 1] = green >> weightBits;
      narrowed[to + 2] = blue >> weightBits;
    }
  }
}

/** Writes rows of `rowBytes` bytes at the new height. */
function resizeColumns(
  narrowed: Uint8Array,
  rowBytes: number,
  weights: BilinearWeights,
  resized: Uint8Array,
): void {
  const { taps, starts, counts, values } = weights;
  for (let row = 0, to = 0; row < starts.length; row++) {
    const start = starts[row] * rowBytes;
    const end = start + counts[row] * rowBytes;
    const first = values[row * taps];
    const second = values[row * taps + 1];
    for (let byte = 0; byte < rowBytes; byte++, to++) {
      let from = start + byte;
      let level =
        (half + Math.imul(narrowed[from], first) + Math.imul(narrowed[from + rowBytes], second)) | 0;
      from += 2 * rowBytes;
      for (let tap = row * taps + 2; from < end; tap++, from += rowBytes) {
        level = (level + Math.imul(narrowed[from], values[tap])) | 0;
      }
      resized[to] = level >> weightBits;
    }
  }
}
