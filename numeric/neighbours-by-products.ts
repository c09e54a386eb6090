// The k nearest neighbours of every point, exactly, where a library multiplies matrices fast: float32 products of near tiles choose
// candidates, float64 distances rank them.
import type { TypedArray } from './array.ts';
import type { MatrixProducts } from './matrix-products.ts';
import { NeighbourCandidates } from './neighbour-candidates.ts';
import type { RankingTask } from './neighbour-ranking.thread.ts';
import type { Neighbours } from './neighbours.ts';
import { PointTiles, type Tile, type UnitPoints } from './point-tiles.ts';
import { type Data, meanOf } from './principal-components.ts';
import { runTeam, shared, sharedArray, type TeamOptions } from './thread-team.ts';
import { WaitingRows } from './waiting-rows.ts';

const mostDimensions = 100_000; // beyond, the error bound of float32 sums says little
/** Share of the products of two tiles that must be spared before rows are picked out for it. */
const worthPicking = 0.25;
const turnEvery = 16; // pairs of tiles

/**
 * What `nearestNeighbours` gives, to the bit; undefined where float32 does not tell enough points apart (clusters that are tiny
 * beside their distances, many equal points). The matrix products are half of n² d at most, and a small share of that where points
 * keep together in parts of their space.
 */
export async function neighboursByProducts(
  x: Data,
  k: number,
  products: MatrixProducts,
  options: TeamOptions = {},
): Promise<Neighbours | undefined> {
  const [n, d] = x.shape;
  if (d > mostDimensions) return undefined;
  const found = await candidatesOf(x, k, products, options);
  if (!found) return undefined;
  const task: Omit<RankingTask, 'membership'> = {
    x: shared(x.data as TypedArray),
    d,
    k,
    ...found,
    indices: sharedArray(Int32Array, n * k),
    squaredDistances: sharedArray(Float64Array, n * k),
  };
  await runTeam(new URL('./neighbour-ranking.thread.ts', import.meta.url), task, options);
  return { indices: task.indices, squaredDistances: task.squaredDistances };
}

/** Candidates by their places in `order`; undefined where they are too many. */
async function candidatesOf(
  x: Data,
  k: number,
  products: MatrixProducts,
  { signal, onMessage }: TeamOptions,
): Promise<Pick<RankingTask, 'order' | 'candidates' | 'counts' | 'room'> | undefined> {
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
      if (candidates.isOverfull) return undefined;
      done += (a === b ? 1 : 2) * a.rows * b.rows;
      if (at % turnEvery !== 0) continue;
      onMessage?.(Math.floor(done / n));
      await new Promise(resolve => setImmediate(resolve)); // timers and messages come in between
      signal?.throwIfAborted();
    }
    waiting.finish();
    if (candidates.isOverfull) return undefined;
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
