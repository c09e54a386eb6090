// How compact and apart classes lie: the silhouette (Rousseeuw, 1987), as scikit-learn's silhouette_score.
import type { NdArray } from './array.ts';
import { classesOf } from './classes.ts';

type Points = NdArray<Float32Array | Float64Array>;

/** The mean silhouette over all points, −1 … 1; see `silhouetteSamples`. */
export function silhouette(embedding: Points, labels: ArrayLike<number>): number {
  const samples = silhouetteSamples(embedding, labels);
  return samples.reduce((sum, value) => sum + value, 0) / samples.length;
}

/**
 * For each point (b − a) / max(a, b): a is its mean Euclidean distance to the others of its class, b the
 * smallest mean distance to another class. A point alone in its class counts 0, as does one with a = b = 0.
 * Every pair once, in float64, no matrix.
 * @param embedding `[n, d]`
 */
export function silhouetteSamples(embedding: Points, labels: ArrayLike<number>): Float64Array {
  const [n, d] = embedding.shape;
  if (labels.length !== n) throw new RangeError(`silhouette: ${n} points, but ${labels.length} labels`);
  if (embedding.data.some(value => !Number.isFinite(value))) {
    throw new RangeError(
      'silhouette: the embedding holds NaN or infinite values; its training or t-SNE diverged',
    );
  }
  const { members } = classesOf(labels);
  if (members.length < 2 || members.length >= n) {
    throw new RangeError(`silhouette: needs 2 … n − 1 classes, got ${members.length} for ${n} points`);
  }
  const points = members.map(positions => gather(embedding.data, d, positions));
  const sums = members.map(({ length }) => members.map(() => new Float64Array(length)));
  for (let first = 0; first < members.length; first++) {
    addDistancesWithin(points[first], d, sums[first][first]);
    for (let second = first + 1; second < members.length; second++) {
      addDistancesBetween(points[first], points[second], d, sums[first][second], sums[second][first]);
    }
  }
  return fromSums(sums, members, n);
}

/** The points of one class as columns: coordinate by coordinate, `[d, members]`. */
function gather(data: Float32Array | Float64Array, d: number, positions: Int32Array): Float64Array[] {
  return Array.from({ length: d }, (_, axis) => Float64Array.from(positions, i => data[i * d + axis]));
}

function addDistancesWithin(points: Float64Array[], d: number, sums: Float64Array): void {
  const count = sums.length;
  const row = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    sums[i] += distancesToRow(points, i, points, i + 1, d, row, sums);
  }
}

function addDistancesBetween(
  a: Float64Array[],
  b: Float64Array[],
  d: number,
  sumsOfA: Float64Array,
  sumsOfB: Float64Array,
): void {
  const row = new Float64Array(sumsOfB.length);
  for (let i = 0; i < sumsOfA.length; i++) sumsOfA[i] += distancesToRow(a, i, b, 0, d, row, sumsOfB);
}

/**
 * Adds the distances of point i of `a` to each point of `b` from `start` on to `sums`, and returns their
 * sum.
 */
function distancesToRow(
  a: Float64Array[],
  i: number,
  b: Float64Array[],
  start: number,
  d: number,
  row: Float64Array,
  sums: Float64Array,
): number {
  if (d === 2) return distancesToRow2d(a[0][i], a[1][i], b[0], b[1], start, sums);
  row.fill(0, start);
  for (let axis = 0; axis < d; axis++) {
    const [value, column] = [a[axis][i], b[axis]];
    for (let j = start; j < row.length; j++) {
      const difference = value - column[j];
      row[j] += difference * difference;
    }
  }
  let total = 0;
  for (let j = start; j < row.length; j++) {
    const distance = Math.sqrt(row[j]);
    total += distance;
    sums[j] += distance;
  }
  return total;
}

function distancesToRow2d(
  x: number,
  y: number,
  xs: Float64Array,
  ys: Float64Array,
  start: number,
  sums: Float64Array,
): number {
  let total = 0;
  for (let j = start; j < sums.length; j++) {
    const dx = x - xs[j];
    const dy = y - ys[j];
    const distance = Math.sqrt(dx * dx + dy * dy);
    total += distance;
    sums[j] += distance;
  }
  return total;
}

/** @param sums `sums[own][other][i]`: of the distances of member i of class `own` to all of class `other` */
function fromSums(sums: Float64Array[][], members: readonly Int32Array[], n: number): Float64Array {
  const values = new Float64Array(n);
  members.forEach((positions, own) => {
    if (positions.length === 1) return;
    positions.forEach((position, i) => {
      const within = sums[own][own][i] / (positions.length - 1);
      let between = Number.POSITIVE_INFINITY;
      members.forEach(({ length }, other) => {
        if (other !== own) between = Math.min(between, sums[own][other][i] / length);
      });
      const larger = Math.max(within, between);
      values[position] = larger > 0 ? (between - within) / larger : 0;
    });
  });
  return values;
}
