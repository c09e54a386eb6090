// B-splines of order six (degree five): how a point's charge is spread over a grid's nodes, and the
// potential read off again.

/** How many splines, and so nodes in a row, a point touches. */
export const splineOrder = 6;

/**
 * Writes the splines that are not zero at `place` (in nodes from the grid's edge) to `values`, their
 * derivatives to `slopes`, and returns the node of the first. By recursion over the order (Essmann et al.,
 * 1995, for particle-mesh Ewald sums).
 */
export function splinesAt(place: number, values: Float64Array, slopes: Float64Array): number {
  const first = Math.floor(place);
  const t = place - first;
  values[0] = 1 - t;
  values[1] = t;
  for (let order = 3; order < splineOrder; order++) raise(values, t, order);
  slopes[0] = -values[0];
  for (let k = 1; k < splineOrder - 1; k++) slopes[k] = values[k - 1] - values[k];
  slopes[splineOrder - 1] = values[splineOrder - 2];
  raise(values, t, splineOrder);
  return first;
}

/** From the splines of the order below to those of `order`. */
function raise(values: Float64Array, t: number, order: number): void {
  const scale = 1 / (order - 1);
  values[order - 1] = scale * t * values[order - 2];
  for (let k = order - 2; k > 0; k--) {
    values[k] = scale * ((t + order - 1 - k) * values[k - 1] + (k + 1 - t) * values[k]);
  }
  values[0] *= scale * (1 - t);
}

/** The Fourier transform of a spline's values at the nodes, 1, 26, 66, 26, 1 by 120: never below 1/8. */
export function splineTransform(frequency: number, length: number): number {
  const angle = (2 * Math.PI * frequency) / length;
  return (66 + 52 * Math.cos(angle) + 2 * Math.cos(2 * angle)) / 120;
}
