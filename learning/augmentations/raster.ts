// An image as memory that can be read in any direction: turning it moves no pixel.
import type { NdArray } from '../../numeric/arrays/array.ts';
import type { Pixels } from '../../numeric/resampling.ts';

/** Pixels of three bytes (red, green, blue). */
export interface Raster extends Pixels {
  readonly data: Uint8Array;
  readonly height: number;
  readonly width: number;
}

/** An image `[height, width, 3]` as it lies in memory. */
export function rasterOf({ data, shape: [height, width] }: NdArray<Uint8Array>): Raster {
  return { data, height, width, origin: 0, rowStep: 3 * width, columnStep: 3 };
}

/** The image turned by 90°, counter-clockwise: its right column becomes the top row. */
export function quarterTurned({ data, height, width, origin, rowStep, columnStep }: Raster): Raster {
  return {
    data,
    height: width,
    width: height,
    origin: origin + (width - 1) * columnStep,
    rowStep: -columnStep,
    columnStep: rowStep,
  };
}
