// How well a point's class follows from its nearest neighbours: the paper's kNN accuracy (section 4,
// tsimcne/eval/knn.py).
import { allFinite, type NdArray } from '../arrays/array.ts';
import { NearestHeap } from '../neighbours/nearest-heap.ts';
import { PlaneGrid } from '../neighbours/plane-grid.ts';
import { squaredDistance } from '../neighbours/squared-distance.ts';
import { type Split, stratifiedSplit } from './stratified-split.ts';

type Points = NdArray<Float32Array | Float64Array>;

export interface KnnOptions {
  neighbours?: number;
  testFraction?: number;
  seed?: number;
  /** A split of one's own, instead of the stratified one by `testFraction` and `seed`. */
  split?: Split;
}

export interface KnnPredictions extends Split {
  /** The label predicted for each of `testIndices`. */
  readonly predicted: Int32Array;
}

/**
 * The share (0 … 1) of test points whose class is that of most of their 15 nearest training points; see
 * `knnPredictions`.
 */
export function knnAccuracy(embedding: Points, labels: ArrayLike<number>, options: KnnOptions = {}): number {
  const { testIndices, predicted } = knnPredictions(embedding, labels, options);
  let correct = 0;
  for (let i = 0; i < predicted.length; i++) if (predicted[i] === labels[testIndices[i]]) correct++;
  return correct / predicted.length;
}

/**
 * Predicts a test point's label (stratified 9:1 split with seed 0) from its 15 nearest training points, as
 * scikit-learn's `KNeighborsClassifier(15)`: Euclidean, unweighted, ties of votes to the smallest label;
 * ties of distance to the smaller index.
 * @param embedding `[n, d]`, any d
 */
export function knnPredictions(
  embedding: Points,
  labels: ArrayLike<number>,
  { neighbours = 15, testFraction, seed, split }: KnnOptions = {},
): KnnPredictions {
  const [n] = embedding.shape;
  if (labels.length !== n) throw new RangeError(`kNN: ${n} points, but ${labels.length} labels`);
  if (!allFinite(embedding.data)) {
    throw new RangeError('kNN: the embedding holds NaN or infinite values; its training or t-SNE diverged');
  }
  const { trainIndices, testIndices } = split ?? stratifiedSplit(labels, { testFraction, seed });
  if (neighbours > trainIndices.length) {
    throw new RangeError(
      `kNN: ${neighbours} neighbours wanted, but only ${trainIndices.length} training points`,
    );
  }
  const heap = new NearestHeap(neighbours);
  const training = ascending(trainIndices, n); // in the order of memory: half the time
  const { order, search } = searchAmong(embedding, training, testIndices, heap);
  const predicted = new Int32Array(testIndices.length);
  for (const test of order) {
    heap.clear();
    search(testIndices[test]);
    predicted[test] = majority(heap.indices, labels);
  }
  return { trainIndices, testIndices, predicted };
}

/** How the nearest of `points` to one of `tests` come into the heap, and in which order the tests are asked best: in the plane through a grid. */
function searchAmong(
  { data, shape: [, d] }: Points,
  points: Int32Array,
  tests: Int32Array,
  heap: NearestHeap,
): { order: Iterable<number>; search: (row: number) => void } {
  if (d === 2) {
    const grid = new PlaneGrid(data, points);
    return { order: grid.orderOf(data, tests), search: row => grid.search(data, row, heap) };
  }
  const search = (row: number) => {
    const query = Float64Array.from(data.subarray(row * d, (row + 1) * d));
    for (const point of points) heap.offer(squaredDistance(query, data, point * d), point);
  };
  return { order: tests.keys(), search };
}

/** Numbers of 0 … n − 1 in their order, by counting. */
function ascending(numbers: Int32Array, n: number): Int32Array {
  const counts = new Int32Array(n);
  for (let i = 0; i < numbers.length; i++) counts[numbers[i]]++;
  const sorted = new Int32Array(numbers.length);
  let place = 0;
  for (let number = 0; number < n; number++) {
    for (let count = counts[number]; count > 0; count--) sorted[place++] = number;
  }
  return sorted;
}

/** The label that most of the neighbours have, the smallest of several. */
export function majority(neighbours: Int32Array, labels: ArrayLike<number>): number {
  const found = new Int32Array(neighbours.length);
  for (let i = 0; i < found.length; i++) found[i] = labels[neighbours[i]];
  let winner = 0;
  let most = 0;
  for (let i = 0; found.length - i >= most && i < found.length; i++) {
    const label = found[i];
    let votes = 1; // of this neighbour and those behind it: all of its label's, where it is the label's first
    for (let j = i + 1; j < found.length; j++) votes += found[j] === label ? 1 : 0;
    if (votes > most || (votes === most && label < winner)) {
      winner = label;
      most = votes;
    }
  }
  return winner;
}
