// The forces that draw each point to its neighbours.
import type { SparseMatrix } from './affinities.ts';

/**
 * Σ_j p_ij w_ij (y_i − y_j) with w = 1 / (1 + |y_i − y_j|²), for the points i = from … to − 1, written to
 * `attraction`.
 * @param y `[n, 2]`
 * @param attraction `[n, 2]`
 */
export function attract(
  { rowStarts, columns, values }: SparseMatrix,
  y: Float64Array,
  attraction: Float64Array,
  from: number,
  to: number,
): void {
  for (let i = from; i < to; i++) {
    const x0 = y[2 * i];
    const x1 = y[2 * i + 1];
    let force0 = 0;
    let force1 = 0;
    const end = rowStarts[i + 1];
    for (let e = rowStarts[i]; e < end; e++) {
      const j = 2 * columns[e];
      const d0 = x0 - y[j];
      const d1 = x1 - y[j + 1];
      const strength = values[e] / (1 + d0 * d0 + d1 * d1);
      force0 += strength * d0;
      force1 += strength * d1;
    }
    attraction[2 * i] = force0;
    attraction[2 * i + 1] = force1;
  }
}
