// P: how much each point belongs to each, from distances to its nearest neighbours (openTSNE/affinity.py,
// MultiscaleMixture).
import type { Neighbours } from '../neighbours.ts';

/** A symmetric matrix `[n, n]` in compressed rows; columns ascend within a row. */
export interface SparseMatrix {
  /** `[n + 1]` */
  readonly rowStarts: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float64Array;
}

/** The perplexity that `n` points allow, and how many neighbours it takes: min(n − 1, ⌊3 · perplexity⌋). */
export function effectivePerplexity(
  perplexity: number,
  n: number,
): { perplexity: number; neighbours: number } {
  const possible = Math.min(perplexity, (n - 1) / 3);
  return { perplexity: possible, neighbours: Math.min(n - 1, Math.floor(3 * possible)) };
}

/**
 * P = (C + Cᵀ) / 2 divided by its sum, where row i of C holds the conditional probabilities of i's
 * neighbours: a Gaussian kernel whose width gives the row the entropy ln(perplexity).
 */
export function affinities(
  { indices, squaredDistances }: Neighbours,
  n: number,
  perplexity: number,
): SparseMatrix {
  const k = indices.length / n;
  const conditional = new Float64Array(n * k);
  for (let i = 0; i < n; i++) {
    const row = squaredDistances.subarray(i * k, (i + 1) * k);
    fillConditional(row, Math.log(perplexity), conditional.subarray(i * k, (i + 1) * k));
  }
  return symmetrise(indices, conditional, n, k);
}

const entropyTolerance = 1e-8; // openTSNE/_tsne.pyx, compute_gaussian_perplexity; so is the number of halvings
const maximalHalvings = 200;

/**
 * Bisects for the precision at which p_j ∝ exp(−precision · d²_j / 2) has the wanted entropy, and writes
 * those p.
 */
function fillConditional(squaredDistances: Float64Array, entropy: number, p: Float64Array): void {
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

function symmetrise(indices: Int32Array, conditional: Float64Array, n: number, k: number): SparseMatrix {
  const [incomingStarts, incomingRows, incomingValues] = transpose(indices, conditional, n, k);
  const rowStarts = new Int32Array(n + 1);
  const columns = new Int32Array(2 * n * k);
  const values = new Float64Array(2 * n * k);
  const row = new Float64Array(n);
  const total = conditional.reduce((sum, value) => sum + value, 0);
  let end = 0;
  for (let i = 0; i < n; i++) {
    const start = end;
    const add = (j: number, value: number) => {
      if (row[j] === 0) columns[end++] = j;
      row[j] += value / (2 * total);
    };
    for (let e = i * k; e < (i + 1) * k; e++) if (conditional[e] > 0) add(indices[e], conditional[e]);
    for (let e = incomingStarts[i]; e < incomingStarts[i + 1]; e++) add(incomingRows[e], incomingValues[e]);
    columns.subarray(start, end).sort();
    for (let e = start; e < end; e++) {
      values[e] = row[columns[e]];
      row[columns[e]] = 0;
    }
    rowStarts[i + 1] = end;
  }
  return { rowStarts, columns: columns.slice(0, end), values: values.slice(0, end) };
}

/** The non-zero entries of the columns of C: `starts`, `rows`, `values`. */
function transpose(
  indices: Int32Array,
  conditional: Float64Array,
  n: number,
  k: number,
): [Int32Array, Int32Array, Float64Array] {
  const starts = new Int32Array(n + 1);
  for (let e = 0; e < indices.length; e++) if (conditional[e] > 0) starts[indices[e] + 1]++;
  for (let i = 0; i < n; i++) starts[i + 1] += starts[i];
  const places = starts.slice();
  const rows = new Int32Array(starts[n]);
  const values = new Float64Array(starts[n]);
  for (let e = 0; e < indices.length; e++) {
    if (conditional[e] === 0) continue;
    const place = places[indices[e]]++;
    rows[place] = Math.floor(e / k);
    values[place] = conditional[e];
  }
  return [starts, rows, values];
}
