// Pillow's resampling of 8-bit images, number for number: src/libImaging/Resample.c of version 13, antialiased, weights in fixed point,
// one pass per axis, rounded to levels between the two.

export interface Filter {
  /** Pixels of the target on either side that a pixel of it draws on, where the image shrinks; of the source elsewhere. */
  readonly support: number;
  readonly weight: (x: number) => number;
}

export const bilinear: Filter = { support: 1, weight: x => Math.max(0, 1 - Math.abs(x)) };

/** With a = −0.5. */
export const bicubic: Filter = {
  support: 2,
  weight: x => {
    const a = -0.5;
    const t = Math.abs(x);
    if (t < 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
    return t < 2 ? (((t - 5) * t + 8) * t - 4) * a : 0;
  },
};

/** The binary places of a weight: Pillow's `PRECISION_BITS`, 32 less 8 for the level and 2 for overflow. */
export const weightBits = 22;
const bits = weightBits;
const half = 1 << (bits - 1);

/** For target pixel i: `values[i * taps …]` weigh the `counts[i]` source pixels from `starts[i]` on. */
export interface Weights {
  readonly taps: number;
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  readonly values: Int32Array;
}

/** The weights from `sourceLength` to `targetLength` pixels. Source: `precompute_coeffs` and `normalize_coeffs_8bpc`. */
export function weightsOf(sourceLength: number, targetLength: number, filter: Filter): Weights {
  const scale = sourceLength / targetLength;
  const filterScale = Math.max(scale, 1);
  const support = filter.support * filterScale;
  const taps = Math.ceil(support) * 2 + 1;
  const starts = new Int32Array(targetLength);
  const counts = new Int32Array(targetLength);
  const values = new Int32Array(targetLength * taps);
  const shares = new Float64Array(taps);
  for (let i = 0; i < targetLength; i++) {
    const centre = (i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(sourceLength, Math.trunc(centre + support + 0.5));
    let sum = 0;
    for (let j = start; j < end; j++) {
      shares[j - start] = filter.weight((j - centre + 0.5) * (1 / filterScale));
      sum += shares[j - start];
    }
    starts[i] = Math.max(0, Math.min(start, sourceLength - 2)); // of a pair, where there are two pixels
    counts[i] = end - starts[i];
    for (let j = start; j < end; j++) {
      const value = (shares[j - start] / sum) * 2 ** bits;
      values[i * taps + j - starts[i]] = Math.trunc(value < 0 ? value - 0.5 : value + 0.5);
    }
  }
  return { taps, starts, counts, values };
}

/** Pixels of three bytes or more: that of `row` and `column` begins at origin + row · rowStep + column · columnStep. */
export interface Pixels {
  readonly data: Levels;
  readonly origin: number;
  readonly rowStep: number;
  readonly columnStep: number;
}

/** Where weights are negative, only what is written to the clamped kind stays within 0 … 255. */
type Levels = Uint8Array | Uint8ClampedArray;

/** Writes `height` rows of `pixels` at the width of the weights, the first three bytes of each pixel: `[height, width, 3]`. */
export function resampleColumns(
  { data, origin, rowStep, columnStep }: Pixels,
  height: number,
  { taps, starts, counts, values }: Weights,
  isMirrored: boolean,
  target: Levels,
): void {
  const width = starts.length;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      let from = origin + row * rowStep + starts[column] * columnStep;
      let [red, green, blue] = [half, half, half];
      for (let tap = column * taps; tap < column * taps + counts[column]; tap++, from += columnStep) {
        red += values[tap] * data[from];
        green += values[tap] * data[from + 1];
        blue += values[tap] * data[from + 2];
      }
      const to = 3 * (row * width + (isMirrored ? width - 1 - column : column));
      target[to] = red >> bits;
      target[to + 1] = green >> bits;
      target[to + 2] = blue >> bits;
    }
  }
}

/** Writes rows of `rowBytes` bytes each at the height of the weights. */
export function resampleRows(
  source: Levels,
  rowBytes: number,
  { taps, starts, counts, values }: Weights,
  isMirrored: boolean,
  target: Levels,
): void {
  const height = starts.length;
  const levels = new Int32Array(rowBytes); // of one row, in fixed point
  for (let row = 0; row < height; row++) {
    levels.fill(half);
    for (let tap = 0; tap < counts[row]; tap++) {
      const weight = values[row * taps + tap];
      const from = (starts[row] + tap) * rowBytes;
      for (let byte = 0; byte < rowBytes; byte++) levels[byte] += weight * source[from + byte];
    }
    const to = rowBytes * (isMirrored ? height - 1 - row : row);
    for (let byte = 0; byte < rowBytes; byte++) target[to + byte] = levels[byte] >> bits;
  }
}
