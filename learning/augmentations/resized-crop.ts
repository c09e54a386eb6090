// A rectangle of an image, resized: bilinear with antialiasing, in Pillow's arithmetic (`Resample.c`, 8 bits a channel).
import type { NdArray } from '../../numeric/arrays/array.ts';
import { type Pixels, resampleColumns, resampleRows, weightBits } from '../../numeric/resampling.ts';
import { type BilinearWeights, bilinearWeights } from './bilinear-weights.ts';
import type { Raster } from './raster.ts';
import type { Crop, ViewParameters } from './view-parameters.ts';

/** Which mirror images of the crop are written. */
export type Flips = Pick<ViewParameters, 'flipHorizontally' | 'flipVertically'>;

const noFlips: Flips = { flipHorizontally: false, flipVertically: false };
const bits = weightBits; // a constant of this module: V8 reads an imported one afresh in every turn of a loop
const half = 1 << (bits - 1);

/**
 * Cuts `crop` out of `image`, resizes it to the shape of `target` `[height, width, 3]`, and mirrors it, on the way, left–right and
 * top–bottom where asked; gives the target. Horizontally first, rounded to levels between the two passes. (Pillow 13 begins with the
 * columns where an image loses more than twice as many rows as columns, which may change a level by 1. Training only ever enlarges
 * crops.) `narrowed` holds the result of the first pass: at least crop height × target width × 3 bytes.
 */
export function resizedCrop(
  image: Raster,
  crop: Crop,
  target: NdArray<Uint8Array>,
  { flipHorizontally, flipVertically } = noFlips,
  narrowed: Uint8Array = new Uint8Array(crop.height * target.shape[1] * 3),
): NdArray<Uint8Array> {
  const [height, width] = target.shape;
  const columns = bilinearWeights(crop.width, width);
  const rows = bilinearWeights(crop.height, height);
  const corner = image.origin + crop.top * image.rowStep + crop.left * image.columnStep;
  const pixels = { ...image, origin: corner };
  (columns.arePairs ? mixColumnPairs : resampleColumns)(
    pixels,
    crop.height,
    columns,
    flipHorizontally,
    narrowed,
  );
  (rows.arePairs ? mixRowPairs : resampleRows)(narrowed, width * 3, rows, flipVertically, target.data);
  return target;
}

/** Writes the crop's rows at the new width; every pixel between two of the image, a share of the way from the first to the second. */
function mixColumnPairs(
  { data, origin, rowStep, columnStep }: Pixels,
  height: number,
  { taps, starts, values }: BilinearWeights,
  isMirrored: boolean,
  narrowed: Uint8Array,
): void {
  const width = starts.length;
  for (let column = 0; column < width; column++) {
    const share = values[column * taps + 1];
    let first = origin + starts[column] * columnStep;
    let to = 3 * (isMirrored ? width - 1 - column : column);
    for (let row = 0; row < height; row++, first += rowStep, to += 3 * width) {
      const second = first + columnStep;
      const red = data[first];
      const green = data[first + 1];
      const blue = data[first + 2];
      narrowed[to] = red + ((half + Math.imul(data[second] - red, share)) >> bits);
      narrowed[to + 1] = green + ((half + Math.imul(data[second + 1] - green, share)) >> bits);
      narrowed[to + 2] = blue + ((half + Math.imul(data[second + 2] - blue, share)) >> bits);
    }
  }
}

/** Writes the rows, of `rowBytes` bytes each, at the new height; as `mixColumnPairs`. */
function mixRowPairs(
  narrowed: Uint8Array,
  rowBytes: number,
  { taps, starts, values }: BilinearWeights,
  isMirrored: boolean,
  resized: Uint8Array,
): void {
  const height = starts.length;
  for (let row = 0; row < height; row++) {
    const share = values[row * taps + 1];
    let to = rowBytes * (isMirrored ? height - 1 - row : row);
    let first = starts[row] * rowBytes;
    for (const end = first + rowBytes; first < end; first++, to++) {
      const level = narrowed[first];
      resized[to] = level + ((half + Math.imul(narrowed[first + rowBytes] - level, share)) >> bits);
    }
  }
}
