// Mirror images, in place.
import type { NdArray } from '../../numeric/array.ts';

/** Mirrors `image` `[height, width, 3]` left–right. */
export function flipHorizontally({ data, shape: [height, width] }: NdArray<Uint8Array>): void {
  for (let row = 0; row < height; row++) {
    let left = row * width * 3;
    let right = left + (width - 1) * 3;
    for (; left < right; left += 3, right -= 3) {
      for (let channel = 0; channel < 3; channel++) swap(data, left + channel, right + channel);
    }
  }
}

/** Mirrors `image` `[height, width, 3]` top–bottom. */
export function flipVertically({ data, shape: [height, width] }: NdArray<Uint8Array>): void {
  const rowBytes = width * 3;
  let top = 0;
  let bottom = (height - 1) * rowBytes;
  for (; top < bottom; top += rowBytes, bottom -= rowBytes) {
    for (let byte = 0; byte < rowBytes; byte++) swap(data, top + byte, bottom + byte);
  }
}

function swap(data: Uint8Array, i: number, j: number): void {
  const level = data[i];
  data[i] = data[j];
  data[j] = level;
}
