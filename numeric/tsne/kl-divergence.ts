// What t-SNE minimises: how far the embedding's similarities Q are from P.
import type { SparseMatrix } from './affinities.ts';

/**
 * Σ p_ij ln(p_ij / q_ij) over the non-zero p, q_ij = w_ij / totalWeight, w = 1 / (1 + |y_i − y_j|²).
 * @param y `[n, 2]`
 * @param totalWeight Σ_{i ≠ j} w_ij
 */
export function klDivergence(
  { rowStarts, columns, values }: SparseMatrix,
  y: Float64Array,
  totalWeight: number,
): number {
  let divergence = 0;
  for (let i = 0; i + 1 < rowStarts.length; i++) {
    for (let e = rowStarts[i]; e < rowStarts[i + 1]; e++) {
      if (values[e] === 0) continue;
      const d0 = y[2 * i] - y[2 * columns[e]];
      const d1 = y[2 * i + 1] - y[2 * columns[e] + 1];
      divergence += values[e] * Math.log(values[e] * (1 + d0 * d0 + d1 * d1) * totalWeight);
    }
  }
  return divergence;
}
