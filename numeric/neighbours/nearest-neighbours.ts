// The k nearest neighbours of every point, exactly: where a library multiplies matrices fast, float32 products of near tiles choose
// candidates; float64 distances rank them.
import { type Data, meanOf, type TypedArray } from '../arrays/array.ts';
import { runTeam, shared, sharedArray, type TeamOptions } from '../threads/thread-team.ts';
import type { MatrixProducts } from './matrix-products.ts';
import { NeighbourCandidates } from './neighbour-candidates.ts';
import type { RankingTask } from './neighbour-ranking.thread.ts';
import { PointTiles, type Tile, type UnitPoints } from './point-tiles.ts';
import { WaitingRows } from './waiting-rows.ts';

/** What the search gives. */
export interface Neighbours {
  /** `[n, k]`, nearest first, the point itself left out. */
  readonly indices: Int32Array;
  /** `[n, k]`, Euclidean, squared. */
  readonly squaredDistances: Float64Array;
}

export interface NeighbourOptions extends TeamOptions {
  /** What multiplies matrices, if there is a library that does; the result does not depend on it. */
  products?: MatrixProducts;
}

const mostDimensions = 100_000; // beyond, the error bound of float32 sums says little
/** Share of the products of two tiles that must be spared before rows are picked out for it. */
const worthPicking = 0.25;
const turnEvery = 16; // pairs of tiles

type Candidates = Pick<RankingTask, 'order' | 'candidates' | 'counts' | 'room'>;

/**
 * The `k` nearest neighbours of each row of `x` `[n, d]` by Euclidean distance in float64; the same as brute
 * force gives, equal distances in the order of their indices. The matrix products are half of n² d at most, and a small share of that
 * where points keep together in parts of their space; without `products`, and for points that float32 does not tell from enough others
 * (clusters that are tiny beside their distances, many equal points), all distances are taken. Throws `RangeError` where k > n − 1.
 */
export async function nearestNeighbours(
  x: Data,
  k: number,
  { products, ...options }: NeighbourOptions = {},
): Promise<Neighbours> {
  const [n, d] = x.shape;
  if (!(k >= 1 && k < n))
    throw new RangeError(`nearest neighbours: of ${n} points each has 1 … ${n - 1}, not ${k}`);
  const candidates =
    products && d <= mostDimensions ? await candidatesOf(x, k, products, options) : allPoints(n);
  const task: Omit<RankingTask, 'membership'> = {
    x: shared(x.data as TypedArray),
    d,
    k,
    ...candidates,
    indices: sharedArray(Int32Array, n * k),
    squaredDistances: sharedArray(Float64Array, n * k),
  };
  await runTeam(new URL('./neighbour-ranking.thread.ts', import.meta.url), task, options);
  return { indices: task.indices, squaredDistances: task.squaredDistances };
}

/** All points are candidates of each. */
function allPoints(n: number): Candidates {
  const order = sharedArray(Int32Array, n);
  order.forEach((_, i) => {
    order[i] = i;
  });
  return { order, candidates: new Int32Array(0), counts: sharedArray(Int32Array, n).fill(-1), room: 0 };
}

/** Candidates by their places in `order`. */
async function candidatesOf(
  x: Data,
  k: number,
  products: MatrixProducts,
  { signal, onMessage }: TeamOptions,
): Promise<Candidates> {
  const [n, d] = x.shape;
  const { points, squaredNorms } = unitPoints(x);
  const tiles = PointTiles.of(points, products);
  try {
    const { order } = tiles;
    const candidates = new NeighbourCandidates(
      Float64Array.from(order, i => squaredNorms[i]),
      d,
      k,
    );
    const waiting = new WaitingRows(products, candidates);
    const count = tiles.tiles.length;
    let done = 0;
    for (const [at, pair] of tiles.pairs().entries()) {
      const [a, b] = [tiles.tiles[Math.floor(pair / count)], tiles.tiles[pair % count]];
      addPair(a, b, tiles, candidates, waiting);
      done += (a === b ? 1 : 2) * a.rows * b.rows;
      if (at % turnEvery !== 0) continue;
      onMessage?.(Math.floor(done / n));
      await new Promise(resolve => setImmediate(resolve)); // timers and messages come in between
      signal?.throwIfAborted();
    }
    waiting.finish();
    candidates.finish();
    return {
      order: shared(order),
      candidates: candidates.places,
      counts: candidates.counts,
      room: candidates.room,
    };
  } finally {
    tiles.dispose();
  }
}

/** Offers the points of two tiles to each other, as far as they may be neighbours. */
function addPair(
  a: Tile,
  b: Tile,
  tiles: PointTiles,
  candidates: NeighbourCandidates,
  waiting: WaitingRows,
): void {
  const { limits, share } = candidates;
  const [rows, columns] = [tiles.rowsNear(a, b, limits, share), tiles.rowsNear(b, a, limits, share)];
  const picked = rows.length * b.rows + columns.length * a.rows;
  if (picked > (1 - worthPicking) * a.rows * b.rows) {
    candidates.addBoth(a.matrix.times(b.matrix), a, b);
  } else {
    waiting.add(a, rows, b);
    waiting.add(b, columns, a);
  }
}

/** Points minus their mean, by the largest of their lengths: their squared lengths, and rows of them in float32. */
function unitPoints(x: Data): { points: UnitPoints; squaredNorms: Float64Array } {
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
  const take = (rows: Int32Array) => {
    const values = new Float32Array(rows.length * d);
    for (let row = 0, at = 0; row < rows.length; row++) {
      const start = rows[row] * d;
      for (let axis = 0; axis < d; axis++, at++) values[at] = (x.data[start + axis] - mean[axis]) * scale;
    }
    return values;
  };
  return { points: { n, d, take }, squaredNorms: squaredNorms.map(norm => norm / largest) };
}
