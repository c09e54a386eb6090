// A turn by 90°: no pixel is lost.
import type { NdArray } from '../../numeric/array.ts';

/** Turns `image` `[height, width, 3]` counter-clockwise into `target` `[width, height, 3]`, and returns the target. */
export function quarterTurn(image: NdArray<Uint8Array>, target: NdArray<Uint8Array>): NdArray<Uint8Array> {
  const [height, width] = image.shape;
  const source = image.data;
  const turned = target.data;
  for (let row = 0, to = 0; row < width; row++) {
    let from = (width - 1 - row) * 3;
    for (let column = 0; column < height; column++, to += 3, from += width * 3) {
      turned[to] = source[from];
      turned[to + 1] = source[from + 1];
      turned[to + 2] = source[from + 2];
    }
  }
  return target;
}
