// The k nearest neighbours of every point, exactly, where a library multiplies matrices fast: float32 products choose candidates,
// float64 distances rank them.
import type { TypedArray } from './array.ts';
import { NeighbourCandidates } from './neighbour-candidates.ts';
import type { RankingTask } from './neighbour-ranking.thread.ts';
import type { Neighbours } from './neighbours.ts';
import { type Data, meanOf } from './principal-components.ts';
import { runTeam, shared, sharedArray, type TeamOptions } from './thread-team.ts';

/** A library that multiplies float32 matrices; `numeric` has none of its own. */
export interface MatrixProducts {
  /** Takes a matrix `[rows, d]` in, for any number of products. */
  load(values: Float32Array, rows: number, d: number): LoadedMatrix;
}

export interface LoadedMatrix {
  readonly rows: number;
  /** The inner products of all rows with those of another `[rows, other.rows]`, in full float32. */
  times(other: LoadedMatrix): Float32Array;
  dispose(): void;
}

const tileRows = 2048; // a product of two tiles takes 16 MB
const mostDimensions = 100_000; // beyond, the error bound of float32 sums says little

/**
 * What `nearestNeighbours` gives, to the bit; undefined where float32 does not tell enough points apart (clusters that are tiny
 * beside their distances, many equal points). The matrix products are half of n² d.
 */
export async function neighboursByProducts(
  x: Data,
  k: number,
  products: MatrixProducts,
  options: TeamOptions = {},
): Promise<Neighbours | undefined> {
  const [n, d] = x.shape;
  if (d > mostDimensions) return undefined;
  const candidates = await candidatesOf(x, k, products, options);
  if (candidates.isOverfull) return undefined;
  const task: Omit<RankingTask, 'membership'> = {
    x: shared(x.data as TypedArray),
    d,
    k,
    room: candidates.room,
    candidates: candidates.indices,
    counts: candidates.counts,
    indices: sharedArray(Int32Array, n * k),
    squaredDistances: sharedArray(Float64Array, n * k),
  };
  await runTeam(new URL('./neighbour-ranking.thread.ts', import.meta.url), task, options);
  return { indices: task.indices, squaredDistances: task.squaredDistances };
}

async function candidatesOf(
  x: Data,
  k: number,
  products: MatrixProducts,
  { signal, onMessage }: TeamOptions,
): Promise<NeighbourCandidates> {
  const [n, d] = x.shape;
  const { centred, squaredNorms } = unitPoints(x);
  const candidates = new NeighbourCandidates(squaredNorms, d, k);
  const tiles: LoadedMatrix[] = [];
  try {
    for (let first = 0, done = 0; first < n && !candidates.isOverfull; first += tileRows) {
      const rows = Math.min(tileRows, n - first);
      tiles.push(products.load(centred(first, rows), rows, d));
      for (const [column, tile] of tiles.entries()) {
        candidates.add(tiles.at(-1)!.times(tile), first, rows, column * tileRows, tile.rows);
        await new Promise(resolve => setImmediate(resolve)); // timers and messages come in between two tiles
        signal?.throwIfAborted();
        done += (column * tileRows === first ? 1 : 2) * rows * tile.rows;
      }
      onMessage?.(Math.floor(done / n));
    }
  } finally {
    for (const tile of tiles) tile.dispose();
  }
  candidates.finish();
  return candidates;
}

/** Points minus their mean, by the largest of their lengths: their squared lengths, and rows of them in float32. */
function unitPoints(x: Data) {
  const [n, d] = x.shape;
  const mean = meanOf(x);
  const squaredNorms = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let axis = 0; axis < d; axis++) sum += (x.data[i * d + axis] - mean[axis]) ** 2;
    squaredNorms[i] = sum;
  }
  const largest = squaredNorms.reduce((a, b) => Math.max(a, b), 0) || 1;
  const scale = 1 / Math.sqrt(largest);
  const centred = (first: number, rows: number) => {
    const values = new Float32Array(rows * d);
    for (let row = 0, at = 0; row < rows; row++) {
      for (let axis = 0; axis < d; axis++, at++) {
        values[at] = (x.data[first * d + at] - mean[axis]) * scale;
      }
    }
    return values;
  };
  return { centred, squaredNorms: squaredNorms.map(norm => norm / largest) };
}
