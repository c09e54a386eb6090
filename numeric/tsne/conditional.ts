// Row by row: how probable each neighbour of a point is, by a Gaussian whose width gives the row a wanted entropy
// (openTSNE/_tsne.pyx, compute_gaussian_perplexity).

const entropyTolerance = 1e-8; // as openTSNE's; so is the number of halvings
const maximalHalvings = 200;

export interface ConditionalRows {
  /** `[n, k]`: to each point's neighbours, nearest first */
  readonly squaredDistances: Float64Array;
  readonly k: number;
  /** The entropy of each row is its logarithm. */
  readonly perplexity: number;
  /** `[n, k]`: the result */
  readonly conditional: Float64Array;
}

/** Fills the rows of the points from … to − 1. */
export function fillConditional(
  { squaredDistances, k, perplexity, conditional }: ConditionalRows,
  from: number,
  to: number,
): void {
  const entropy = Math.log(perplexity);
  for (let i = from; i < to; i++) {
    const [start, end] = [i * k, (i + 1) * k];
    fillRow(squaredDistances.subarray(start, end), entropy, conditional.subarray(start, end));
  }
}

/**
 * Bisects for the precision at which p_j ∝ exp(−precision · d²_j / 2) has the wanted entropy, and writes
 * those p.
 */
function fillRow(squaredDistances: Float64Array, entropy: number, p: Float64Array): void {
  const nearest = squaredDistances[0]; // subtracted throughout: it cancels, and keeps exp from vanishing
  let [low, high, precision] = [0, Number.POSITIVE_INFINITY, startingPrecision(squaredDistances)];
  for (let halving = 0; halving < maximalHalvings; halving++) {
    let [sum, weighted] = [0, 0];
    for (let j = 0; j < p.length; j++) {
      const squared = squaredDistances[j] - nearest;
      p[j] = Math.exp(-0.5 * precision * squared);
      sum += p[j];
      weighted += p[j] * squared;
    }
    for (let j = 0; j < p.length; j++) p[j] /= sum;
    const excess = (0.5 * precision * weighted) / sum + Math.log(sum) - entropy;
    if (Math.abs(excess) <= entropyTolerance) return;
    if (excess > 0) low = precision;
    else high = precision;
    precision = high === Number.POSITIVE_INFINITY ? precision * 2 : (low + high) / 2;
  }
}

/** Of the distances' own size, so that the search is the same in any unit. */
function startingPrecision(squaredDistances: Float64Array): number {
  const spread = squaredDistances.reduce((sum, squared) => sum + squared - squaredDistances[0], 0);
  return spread > 0 ? squaredDistances.length / spread : 1;
}
