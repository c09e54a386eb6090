// P: how much each point belongs to each, from distances to its nearest neighbours (openTSNE/affinity.py,
// MultiscaleMixture).
import type { Neighbours } from '../neighbours/nearest-neighbours.ts';
import { runTeam, shared, sharedArray, type TeamOptions } from '../threads/thread-team.ts';
import { type ConditionalRows, fillConditional } from './conditional.ts';

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

/** Fewer points are done before threads have started. */
const worthThreads = 4_000;

/**
 * P = (C + Cᵀ) / 2 divided by its sum, where row i of C holds the conditional probabilities of i's
 * neighbours: a Gaussian kernel whose width gives the row the entropy ln(perplexity).
 */
export async function affinities(
  { indices, squaredDistances }: Neighbours,
  n: number,
  perplexity: number,
  options: TeamOptions = {},
): Promise<SparseMatrix> {
  const k = indices.length / n;
  const conditional = sharedArray(Float64Array, n * k);
  const rows: ConditionalRows = { squaredDistances: shared(squaredDistances), k, perplexity, conditional };
  if (n < worthThreads) fillConditional(rows, 0, n);
  else await runTeam(new URL('./affinities.thread.ts', import.meta.url), rows, options);
  return symmetrise(indices, conditional, n, k);
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
