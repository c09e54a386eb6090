// How much of each source pixel a resized pixel holds, remembered from view to view.
import { bilinear, type Weights, weightBits, weightsOf } from '../../numeric/resampling.ts';

export interface BilinearWeights extends Weights {
  /** Whether every target pixel lies between its first two source pixels, whose weights sum to 1 exactly: wherever nothing shrinks. */
  readonly arePairs: boolean;
}

const known = new Map<number, BilinearWeights>();

/** The weights from `sourceLength` to `targetLength` pixels (both below 65,536); computed once, then remembered. */
export function bilinearWeights(sourceLength: number, targetLength: number): BilinearWeights {
  const key = sourceLength * 0x10000 + targetLength;
  let weights = known.get(key);
  if (!weights) {
    const all = weightsOf(sourceLength, targetLength, bilinear);
    weights = { ...all, arePairs: arePairs(all) };
    known.set(key, weights);
  }
  return weights;
}

function arePairs({ taps, starts, values }: Weights): boolean {
  const isPair = (_: number, i: number) =>
    values[i * taps] + values[i * taps + 1] === 2 ** weightBits && values[i * taps + 2] === 0;
  return taps === 3 && starts.every(isPair);
}
