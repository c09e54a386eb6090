// How much of each source pixel a resized pixel holds: Pillow's bilinear filter with antialiasing, in fixed point.

/** The binary places of a weight: Pillow's `PRECISION_BITS`, 32 less 8 for the level and 2 for overflow. */
export const weightBits = 22;

/** For target pixel i: `values[i * taps …]` weigh the `counts[i]` source pixels from `starts[i]` on. */
export interface BilinearWeights {
  readonly taps: number;
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  readonly values: Int32Array;
  /** Whether every target pixel lies between its first two source pixels, whose weights sum to 1 exactly: wherever nothing shrinks. */
  readonly arePairs: boolean;
}

const known = new Map<number, BilinearWeights>();

/** The weights from `sourceLength` to `targetLength` pixels (both below 65,536); computed once, then remembered. */
export function bilinearWeights(sourceLength: number, targetLength: number): BilinearWeights {
  const key = sourceLength * 0x10000 + targetLength;
  let weights = known.get(key);
  if (!weights) {
    weights = computeWeights(sourceLength, targetLength);
    known.set(key, weights);
  }
  return weights;
}

/** Source: Pillow, `precompute_coeffs` and `normalize_coeffs_8bpc` in `Resample.c`. */
function computeWeights(sourceLength: number, targetLength: number): BilinearWeights {
  const scale = sourceLength / targetLength;
  const support = Math.max(scale, 1);
  const taps = Math.ceil(support) * 2 + 1;
  const starts = new Int32Array(targetLength);
  const counts = new Int32Array(targetLength);
  const values = new Int32Array(targetLength * taps);
  const heights = new Float64Array(taps);
  for (let i = 0; i < targetLength; i++) {
    const centre = (i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(sourceLength, Math.trunc(centre + support + 0.5));
    let sum = 0;
    for (let j = start; j < end; j++) {
      const height = Math.max(0, 1 - Math.abs((j - centre + 0.5) * (1 / support)));
      heights[j - start] = height;
      sum += height;
    }
    starts[i] = Math.max(0, Math.min(start, sourceLength - 2)); // of a pair, where there are two pixels
    counts[i] = end - starts[i];
    for (let j = start; j < end; j++) {
      values[i * taps + j - starts[i]] = Math.trunc(0.5 + (heights[j - start] / sum) * 2 ** weightBits);
    }
  }
  const isPair = (_: number, i: number) =>
    values[i * taps] + values[i * taps + 1] === 2 ** weightBits && values[i * taps + 2] === 0;
  const arePairs = taps === 3 && starts.every(isPair);
  return { taps, starts, counts, values, arePairs };
}
