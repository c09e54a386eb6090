// The forces that drive all points apart, pair by pair: for few points, and to hold approximations against.

/**
 * For the points i = from … to − 1: Σ_j w_ij² (y_i − y_j), written to `repulsion`, and Σ_{j ≠ i} w_ij,
 * written to `weights`; w = 1 / (1 + |y_i − y_j|²). Not yet divided by the sum of all weights.
 * @param y `[n, 2]`
 * @param repulsion `[n, 2]`
 * @param weights `[n]`
 */
export function repelExactly(
  y: Float64Array,
  repulsion: Float64Array,
  weights: Float64Array,
  from: number,
  to: number,
): void {
  for (let i = from; i < to; i++) {
    const x0 = y[2 * i];
    const x1 = y[2 * i + 1];
    let force0 = 0;
    let force1 = 0;
    let weight = -1; // the point itself, which the sum over all j holds as w = 1
    for (let j = 0; j < y.length; j += 2) {
      const d0 = x0 - y[j];
      const d1 = x1 - y[j + 1];
      const w = 1 / (1 + d0 * d0 + d1 * d1);
      weight += w;
      force0 += w * w * d0;
      force1 += w * w * d1;
    }
    repulsion[2 * i] = force0;
    repulsion[2 * i + 1] = force1;
    weights[i] = weight;
  }
}
