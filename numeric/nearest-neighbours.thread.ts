// A thread of nearest-neighbours.ts: projects points, then finds the neighbours of one tile of queries after
// the other.
import { parentPort, workerData } from 'node:worker_threads';
import { NearestHeap } from './nearest-heap.ts';
import { squaredDistance } from './squared-distance.ts';
import { type Membership, Team } from './thread-team.ts';

/** Some components of all points, and the length of what neither these nor the levels before them hold. */
interface Level {
  readonly width: number;
  /** `[n, width]` */
  readonly coordinates: Float64Array;
  /** `[n]` */
  readonly rest: Float64Array;
}

export interface NeighbourTask {
  readonly membership: Membership;
  readonly x: Float32Array | Float64Array | Uint8Array;
  readonly n: number;
  readonly d: number;
  readonly k: number;
  readonly mean: Float64Array;
  /** `[sum of widths, d]`, orthonormal rows */
  readonly basis: Float64Array;
  readonly levels: readonly Level[];
  /** `[n]`, of the centred points */
  readonly squaredNorms: Float64Array;
  readonly indices: Int32Array;
  readonly squaredDistances: Float64Array;
}

const {
  x,
  n,
  d,
  k,
  mean,
  basis,
  levels,
  squaredNorms,
  indices,
  squaredDistances,
  membership,
}: NeighbourTask = workerData;

/** Queries per tile: each candidate's coordinates are read once for all of them. */
const tileSize = 8;
/** Share of |a|² + |b|² by which a bound is lowered, far above the rounding of its float64 sums. */
const slack = 1e-9;
const bucketCount = 256;
const progressEvery = 32; // tiles

/** The point whose neighbours are sought. */
const query = new Float64Array(d);
const heap = new NearestHeap(k);
const products = Array.from({ length: tileSize }, () => new Float64Array(n));
const bounds = new Float64Array(n);
const bucketOf = new Uint8Array(n);
const order = new Int32Array(n);
const bucketEnds = new Int32Array(bucketCount + 1);

const team = new Team(membership);
team.shareRanges(n, 64, project);
team.shareRanges(n, tileSize, findNeighbours);

/** Coordinates of points from … to − 1 at every level, and the lengths that remain. */
function project(from: number, to: number): void {
  const point = new Float64Array(d);
  for (let i = from; i < to; i++) {
    for (let axis = 0; axis < d; axis++) point[axis] = x[i * d + axis] - mean[axis];
    let remaining = dot(point, 0, point, 0, d);
    squaredNorms[i] = remaining;
    let row = 0;
    for (const { width, coordinates, rest } of levels) {
      projectOnto(point, row, width, coordinates, i * width);
      remaining -= dot(coordinates, i * width, coordinates, i * width, width);
      rest[i] = Math.sqrt(Math.max(0, remaining));
      row += width;
    }
  }
}

/**
 * The inner products of a point with basis rows `row` … `row + width − 1` (a multiple of four), four at a
 * time.
 */
function projectOnto(
  point: Float64Array,
  row: number,
  width: number,
  target: Float64Array,
  at: number,
): void {
  for (let r = 0; r < width; r += 4) {
    const start = (row + r) * d;
    let a = 0;
    let b = 0;
    let c = 0;
    let e = 0;
    for (let axis = 0; axis < d; axis++) {
      const value = point[axis];
      a += value * basis[start + axis];
      b += value * basis[start + d + axis];
      c += value * basis[start + 2 * d + axis];
      e += value * basis[start + 3 * d + axis];
    }
    target[at + r] = a;
    target[at + r + 1] = b;
    target[at + r + 2] = c;
    target[at + r + 3] = e;
  }
}

function dot(a: Float64Array, i: number, b: Float64Array, j: number, length: number): number {
  let even = 0;
  let odd = 0;
  for (let axis = 0; axis + 1 < length; axis += 2) {
    even += a[i + axis] * b[j + axis];
    odd += a[i + axis + 1] * b[j + axis + 1];
  }
  return length & 1 ? even + odd + a[i + length - 1] * b[j + length - 1] : even + odd;
}

function findNeighbours(from: number, to: number): void {
  if (levels.length > 0) multiplyTile(from, to);
  for (let i = from; i < to; i++) {
    heap.clear();
    for (let axis = 0; axis < d; axis++) query[axis] = x[i * d + axis];
    if (levels.length > 0) searchByBounds(i, products[i - from]);
    else for (let j = 0; j < n; j++) if (j !== i) heap.offer(squaredDistance(query, x, j * d), j);
    heap.sort();
    indices.set(heap.indices, i * k);
    squaredDistances.set(heap.distances, i * k);
  }
  const tile = from / tileSize;
  if (tile % progressEvery === 0) parentPort?.postMessage(to); // about so many of the team's points are done
}

/** `products[q][j]`: point q of the tile times candidate j in the components of the first level. */
function multiplyTile(from: number, to: number): void {
  const { width, coordinates } = levels[0];
  for (let block = 0; block < n; block += 64) {
    const end = Math.min(n, block + 64);
    for (let i = from; i < to; i++) {
      const product = products[i - from];
      for (let j = block; j < end; j++)
        product[j] = dot(coordinates, i * width, coordinates, j * width, width);
    }
  }
}

/**
 * With |a|, |b| the points' lengths, a', b' their first components and r, s the lengths of the rest
 * (Cauchy–Schwarz): |a − b|² ≥ |a|² + |b|² − 2 (a'·b' + r s). Candidates go by ascending bound, so that most
 * are out at the first glance.
 */
function searchByBounds(i: number, product: Float64Array): void {
  sortByBound(i, product);
  for (let place = 0; place < n - 1; place++) {
    const j = order[place];
    if (bounds[j] <= heap.worst && mayBeNear(i, j, product[j]))
      heap.offer(squaredDistance(query, x, j * d), j);
  }
}

/**
 * Fills `bounds` from the first level, and `order` with all candidates but the point itself, by buckets of
 * ascending bound.
 */
function sortByBound(i: number, product: Float64Array): void {
  const { rest } = levels[0];
  let largest = 0;
  for (let j = 0; j < n; j++) {
    const norms = squaredNorms[i] + squaredNorms[j];
    const bound = norms - 2 * (product[j] + rest[i] * rest[j]) - slack * norms;
    bounds[j] = bound;
    if (bound > largest) largest = bound;
  }
  const scale = largest > 0 ? (bucketCount - 1) / largest : 0;
  bucketEnds.fill(0);
  for (let j = 0; j < n; j++) {
    bucketOf[j] = bounds[j] > 0 ? bounds[j] * scale : 0;
    bucketEnds[bucketOf[j] + 1]++;
  }
  bucketEnds[bucketOf[i] + 1]--;
  for (let bucket = 0; bucket < bucketCount; bucket++) bucketEnds[bucket + 1] += bucketEnds[bucket];
  for (let j = 0; j < n; j++) if (j !== i) order[bucketEnds[bucketOf[j]]++] = j;
}

/** Whether the bounds of all further levels leave candidate j a chance. */
function mayBeNear(i: number, j: number, product: number): boolean {
  const norms = squaredNorms[i] + squaredNorms[j];
  const worst = heap.worst + slack * norms;
  let sum = product;
  for (let l = 1; l < levels.length; l++) {
    const { width, coordinates, rest } = levels[l];
    sum += dot(coordinates, i * width, coordinates, j * width, width);
    if (norms - 2 * (sum + rest[i] * rest[j]) > worst) return false;
  }
  return true;
}
