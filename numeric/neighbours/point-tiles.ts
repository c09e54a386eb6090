// Points in tiles of near ones: where a tile lies beyond a point's k-th neighbour, none of its points need be looked at.

import { Random } from '../random.ts';
import type { LoadedMatrix, MatrixProducts } from './matrix-products.ts';

/** Points a group, on average; and groups at most, so that n · groups numbers fit beside the points. */
const groupSize = 512;
const mostGroups = 640;
/** A larger group makes several tiles, so that a product of two takes 4 MB at most. */
const mostRows = 1024;
/** Any centres give valid bounds: those that a few rounds of Lloyd's algorithm find for a sample are good enough. */
const sampleOfGroup = 32;
const rounds = 8;

export interface Tile {
  /** Its points are `order[first]` … `order[first + rows − 1]`. */
  readonly first: number;
  readonly rows: number;
  readonly group: number;
  readonly matrix: LoadedMatrix;
  /** `[groups, rows]`: the inner products of the groups' centres with its points */
  readonly projections: Float32Array;
  /** `[groups]`: the largest (centre of the group − own centre) · point */
  readonly reach: Float64Array;
}

/** Float32 points in d dimensions, of length 1 at most. */
export interface UnitPoints {
  readonly n: number;
  readonly d: number;
  /** The points of these indices `[rows.length, d]`. */
  take(rows: Int32Array): Float32Array;
}

export class PointTiles {
  /** `[n]`: the points, tile by tile */
  readonly order: Int32Array;
  readonly tiles: readonly Tile[];
  /** `[groups, groups]`: distances of centres */
  readonly #distances: Float64Array;
  readonly #groups: number;

  private constructor(order: Int32Array, tiles: readonly Tile[], distances: Float64Array, groups: number) {
    this.order = order;
    this.tiles = tiles;
    this.#distances = distances;
    this.#groups = groups;
  }

  /** Groups the points by their nearest of some centres; the tiles stay loaded until `dispose`. */
  static of(points: UnitPoints, products: MatrixProducts): PointTiles {
    const groups = Math.min(mostGroups, Math.ceil(points.n / groupSize));
    const values = centresOf(points, groups, products);
    const centres = products.load(values, groups, points.d);
    const nearest = nearestCentres(points, centres, halfNorms(values, groups), products);
    const order = sortedByGroup(nearest, groups);
    const tiles: Tile[] = [];
    for (let first = 0; first < points.n; first += tiles.at(-1)!.rows) {
      const group = nearest[order[first]];
      let end = first + 1;
      while (end < points.n && end < first + mostRows && nearest[order[end]] === group) end++;
      tiles.push(tileOf(points.take(order.subarray(first, end)), first, group, centres, products));
    }
    centres.dispose();
    return new PointTiles(order, tiles, distancesOf(values, groups), groups);
  }

  dispose(): void {
    for (const { matrix } of this.tiles) matrix.dispose();
  }

  /** All pairs of tiles, each once and those of near centres first: numbers `a` · tiles + `b`, a ≥ b. */
  pairs(): Float64Array {
    const count = this.tiles.length;
    const apart = new Float64Array(count * count);
    const pairs = new Float64Array((count * (count + 1)) / 2);
    for (let a = 0, at = 0; a < count; a++) {
      for (let b = 0; b <= a; b++, at++) {
        pairs[at] = a * count + b;
        apart[pairs[at]] = a === b ? -1 : this.#distance(this.tiles[a], this.tiles[b]);
      }
    }
    return pairs.sort((p, q) => apart[p] - apart[q] || p - q);
  }

  /**
   * The rows of `tile` that may have a neighbour in `other`, given the squared distances `limits` (by place in `order`) that
   * neighbours have at most. With u the direction from the centre c' of the other tile to c of this one, |a − b| ≥ u · (a − b) for
   * every b there, and u · b is at most `reach` / |c − c'|.
   * @param error of an inner product of two vectors of length 1
   */
  rowsNear(tile: Tile, other: Tile, limits: Float64Array, error: number): Int32Array {
    const { rows, first, projections, group } = tile;
    const near = new Int32Array(rows);
    const distance = this.#distance(tile, other);
    const beyond = other.reach[group] + 4 * error;
    let count = 0;
    for (let row = 0; row < rows; row++) {
      const along = projections[group * rows + row] - projections[other.group * rows + row] - beyond;
      const isBeyond = along > 0 && along * along > limits[first + row] * distance * distance;
      if (!isBeyond) near[count++] = row;
    }
    return near.subarray(0, count);
  }

  #distance(a: Tile, b: Tile): number {
    return this.#distances[a.group * this.#groups + b.group];
  }
}

function tileOf(
  values: Float32Array,
  first: number,
  group: number,
  centres: LoadedMatrix,
  products: MatrixProducts,
): Tile {
  const groups = centres.rows;
  const rows = values.length / centres.d;
  const matrix = products.load(values, rows, centres.d);
  const projections = centres.times(matrix);
  const reach = new Float64Array(groups).fill(Number.NEGATIVE_INFINITY);
  for (let other = 0; other < groups; other++) {
    for (let row = 0; row < rows; row++) {
      const along = projections[other * rows + row] - projections[group * rows + row];
      if (along > reach[other]) reach[other] = along;
    }
  }
  return { first, rows, group, matrix, projections, reach };
}

/** `[groups, d]`, by Lloyd's algorithm from random points of a sample. */
function centresOf(points: UnitPoints, groups: number, products: MatrixProducts): Float32Array {
  const { n, d } = points;
  const chosen = new Random(0).fork('neighbour tiles').permutation(n);
  const sample = points.take(Int32Array.from(chosen.subarray(0, groups * sampleOfGroup)));
  const rows = sample.length / d;
  const loaded = products.load(sample, rows, d);
  let centres: Float32Array = sample.slice(0, groups * d);
  for (let round = 0; round < rounds; round++) {
    const matrix = products.load(centres, groups, d);
    const nearest = nearestOf(loaded.times(matrix), rows, halfNorms(centres, groups));
    matrix.dispose();
    centres = meansOf(sample, nearest, centres, groups);
  }
  loaded.dispose();
  return centres;
}

/** The mean of each group's points; a group without any keeps its centre. */
function meansOf(
  sample: Float32Array,
  nearest: Int32Array,
  centres: Float32Array,
  groups: number,
): Float32Array {
  const d = centres.length / groups;
  const sums = new Float64Array(centres.length);
  const counts = new Int32Array(groups);
  nearest.forEach((group, row) => {
    counts[group]++;
    for (let axis = 0; axis < d; axis++) sums[group * d + axis] += sample[row * d + axis];
  });
  return centres.map((value, at) => {
    const count = counts[Math.floor(at / d)];
    return count > 0 ? sums[at] / count : value;
  });
}

/** The points' indices, group after group. */
function sortedByGroup(nearest: Int32Array, groups: number): Int32Array {
  const places = new Int32Array(groups + 1);
  for (const group of nearest) places[group + 1]++;
  for (let group = 0; group < groups; group++) places[group + 1] += places[group];
  const order = new Int32Array(nearest.length);
  nearest.forEach((group, i) => {
    order[places[group]++] = i;
  });
  return order;
}

function nearestCentres(
  points: UnitPoints,
  centres: LoadedMatrix,
  norms: Float64Array,
  products: MatrixProducts,
): Int32Array {
  const nearest = new Int32Array(points.n);
  for (let first = 0; first < points.n; first += mostRows) {
    const rows = Math.min(mostRows, points.n - first);
    const some = products.load(
      points.take(Int32Array.from({ length: rows }, (_, row) => first + row)),
      rows,
      points.d,
    );
    nearest.set(nearestOf(some.times(centres), rows, norms), first);
    some.dispose();
  }
  return nearest;
}

/** For every row of inner products `[rows, groups]` the group of the nearest centre. */
function nearestOf(innerProducts: Float32Array, rows: number, norms: Float64Array): Int32Array {
  const groups = norms.length;
  const nearest = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    let best = Number.NEGATIVE_INFINITY;
    for (let group = 0; group < groups; group++) {
      const closeness = innerProducts[row * groups + group] - norms[group];
      if (closeness > best) {
        best = closeness;
        nearest[row] = group;
      }
    }
  }
  return nearest;
}

/** Half the squared length of each of the rows. */
function halfNorms(values: Float32Array, rows: number): Float64Array {
  const d = values.length / rows;
  return Float64Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let at = row * d; at < (row + 1) * d; at++) sum += values[at] * values[at];
    return sum / 2;
  });
}

function distancesOf(values: Float32Array, rows: number): Float64Array {
  const d = values.length / rows;
  const distances = new Float64Array(rows * rows);
  for (let a = 0; a < rows; a++) {
    for (let b = 0; b < a; b++) {
      let sum = 0;
      for (let axis = 0; axis < d; axis++) sum += (values[a * d + axis] - values[b * d + axis]) ** 2;
      distances[a * rows + b] = distances[b * rows + a] = Math.sqrt(sum);
    }
  }
  return distances;
}
