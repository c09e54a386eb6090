// Where t-SNE begins: the first two principal components, made small (openTSNE/initialization.py, pca and
// jitter).
import { type Data, type NdArray, ndarray } from '../../arrays/array.ts';
import type { Random } from '../../random.ts';
import { principalComponents } from './principal-components.ts';

/**
 * Standard deviation of the first column: small enough that all points attract each other at first
 * (openTSNE, `rescale`).
 */
const initialDeviation = 1e-4;
/** Noise relative to that, so that equal points come apart (openTSNE, `jitter`). */
const jitterScale = 0.01;

/**
 * The first two principal components of `x` `[n, d]`, divided by one number so that the first has a
 * (population) standard deviation of 1e-4: `[n, 2]`. A direction that the data lacks (d = 1, or no variance
 * at all) is 0.
 */
export async function pcaInitialisation(x: Data, signal?: AbortSignal): Promise<NdArray<Float64Array>> {
  const [n, d] = x.shape;
  const { mean, components, variances } = await principalComponents(x, Math.min(2, d, n), { signal });
  const scale = variances[0] > 0 ? initialDeviation / Math.sqrt(variances[0]) : 0;
  const y = new Float64Array(n * 2);
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < variances.length; c++) {
      let score = 0;
      for (let axis = 0; axis < d; axis++)
        score += (x.data[i * d + axis] - mean[axis]) * components[c * d + axis];
      y[i * 2 + c] = score * scale;
    }
  }
  return ndarray(y, [n, 2]);
}

/** Adds normal noise of standard deviation 1e-6 to every coordinate, in place. */
export function addJitter(y: NdArray<Float64Array>, random: Random): void {
  for (let i = 0; i < y.data.length; i++) y.data[i] += random.normal() * initialDeviation * jitterScale;
}
