// The k nearest neighbours of every point, exactly: bounds from leading principal components spare most full
// distances.
import { takeRows } from './array.ts';
import type { MatrixProducts } from './matrix-products.ts';
import type { NeighbourTask } from './nearest-neighbours.thread.ts';
import type { Neighbours } from './neighbours.ts';
import { neighboursByProducts } from './neighbours-by-products.ts';
import { type Data, meanOf, principalComponents } from './principal-components.ts';
import { Random } from './random.ts';
import { runTeam, shared, sharedArray, type TeamOptions } from './thread-team.ts';

/** Numbers of leading components at which candidates are weeded out, coarse to fine. */
const levels = [16, 48, 112, 224];
/** Components are only worth their making where they are much fewer than the dimensions. */
const smallestSaving = 2;
/** Any orthonormal directions give valid bounds: those of a sample are good enough. */
const sampleSize = 500;

export interface NeighbourOptions extends TeamOptions {
  /** What multiplies matrices, if there is a library that does; the result does not depend on it. */
  products?: MatrixProducts;
}

/**
 * The `k` nearest neighbours of each row of `x` `[n, d]` by Euclidean distance in float64; the same as brute
 * force gives, equal distances in the order of their indices. Quadratic in n, spread over threads. Throws
 * `RangeError` where k > n − 1.
 */
export async function nearestNeighbours(
  x: Data,
  k: number,
  { products, ...options }: NeighbourOptions = {},
): Promise<Neighbours> {
  const [n, d] = x.shape;
  if (!(k >= 1 && k < n))
    throw new RangeError(`nearest neighbours: of ${n} points each has 1 … ${n - 1}, not ${k}`);
  const found = products && (await neighboursByProducts(x, k, products, options));
  if (found) return found;
  const useful = levels.filter(level => level * smallestSaving <= Math.min(d, n));
  const basis =
    useful.length > 0 ? await sampleBasis(x, useful[useful.length - 1], options.signal) : new Float64Array(0);
  const task: Omit<NeighbourTask, 'membership'> = {
    x: shared(x.data),
    n,
    d,
    k,
    mean: meanOf(x),
    basis: shared(basis),
    levels: useful.map((level, l) => {
      const width = level - (useful[l - 1] ?? 0);
      return { width, coordinates: sharedArray(Float64Array, n * width), rest: sharedArray(Float64Array, n) };
    }),
    squaredNorms: sharedArray(Float64Array, n),
    indices: sharedArray(Int32Array, n * k),
    squaredDistances: sharedArray(Float64Array, n * k),
  };
  await runTeam(new URL('./nearest-neighbours.thread.ts', import.meta.url), task, options);
  return { indices: task.indices, squaredDistances: task.squaredDistances };
}

/** Orthonormal rows `[count, d]`: roughly the leading principal components. */
async function sampleBasis(x: Data, count: number, signal?: AbortSignal): Promise<Float64Array> {
  const n = x.shape[0];
  const rows = new Random(0)
    .fork('neighbours')
    .permutation(n)
    .subarray(0, Math.max(sampleSize, count))
    .sort();
  const { components } = await principalComponents(takeRows(x, rows), count, { tolerance: 1e-2, signal });
  return components;
}
