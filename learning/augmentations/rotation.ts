// Rotation about the centre by any angle, nearest neighbour: Pillow's `Image.rotate`, in its fixed-point arithmetic.
import type { NdArray } from '../../numeric/arrays/array.ts';
import type { Raster } from './raster.ts';

/** A colour in levels 0 … 255, red first. Fractions are cut off where it is painted. */
export type Colour = readonly [red: number, green: number, blue: number];

/**
 * Rotates `image` counter-clockwise into `target` `[height, width, 3]` of the same shape, and returns the target.
 * What lies outside of the image has the colour `fill`.
 * Source: Pillow, `Image.rotate` and `affine_fixed` in `Geometry.c` (numbers with 16 binary places).
 */
export function rotate(
  { data, height, width, origin, rowStep, columnStep }: Raster,
  angleDegrees: number,
  fill: Colour,
  target: NdArray<Uint8Array>,
): NdArray<Uint8Array> {
  const rotated = target.data;
  const cosine = roundTo15Places(Math.cos((angleDegrees * Math.PI) / 180));
  const sine = roundTo15Places(Math.sin((angleDegrees * Math.PI) / 180));
  const stepCosine = fixedPoint(cosine);
  const stepSine = fixedPoint(sine);
  const stepMinusSine = fixedPoint(-sine);
  // Where the middle of the first pixel of a row comes from.
  const left = (0.5 - width / 2) * cosine - (0.5 - height / 2) * sine;
  const top = (0.5 - width / 2) * sine + (0.5 - height / 2) * cosine;
  let rowX = fixedPoint(left + width / 2);
  let rowY = fixedPoint(top + height / 2);
  for (let row = 0, to = 0; row < height; row++, rowX += stepMinusSine, rowY += stepCosine) {
    let x = rowX;
    let y = rowY;
    for (let column = 0; column < width; column++, to += 3, x += stepCosine, y += stepSine) {
      const fromColumn = x >> 16;
      const fromRow = y >> 16;
      if (fromColumn >= 0 && fromColumn < width && fromRow >= 0 && fromRow < height) {
        const from = origin + fromRow * rowStep + fromColumn * columnStep;
        rotated[to] = data[from];
        rotated[to + 1] = data[from + 1];
        rotated[to + 2] = data[from + 2];
      } else {
        rotated[to] = fill[0];
        rotated[to + 1] = fill[1];
        rotated[to + 2] = fill[2];
      }
    }
  }
  return target;
}

function roundTo15Places(value: number): number {
  return Math.round(value * 1e15) / 1e15;
}

function fixedPoint(value: number): number {
  return Math.floor(value * 65536 + 0.5);
}
