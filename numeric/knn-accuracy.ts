// How well a point's class follows from its nearest neighbours: the paper's kNN accuracy (section 4,
// tsimcne/eval/knn.py).
import type { NdArray } from './array.ts';
import { NearestHeap } from './nearest-heap.ts';
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
  const [n, d] = embedding.shape;
  if (labels.length !== n) throw new RangeError(`kNN: ${n} points, but ${labels.length} labels`);
  if (embedding.data.some(value => !Number.isFinite(value))) {
    throw new RangeError('kNN: the embedding holds NaN or infinite values; its training or t-SNE diverged');
  }
  const { trainIndices, testIndices } = split ?? stratifiedSplit(labels, { testFraction, seed });
  if (neighbours > trainIndices.length) {
    throw new RangeError(
      `kNN: ${neighbours} neighbours wanted, but only ${trainIndices.length} training points`,
    );
  }
  const axis = widestAxis(embedding.data, n, d);
  const sorted = trainIndices.sort(
    (a, b) => embedding.data[a * d + axis] - embedding.data[b * d + axis] || a - b,
  );
  const search = new SweepSearch(embedding.data, d, axis, sorted, neighbours);
  const predicted = Int32Array.from(testIndices, index => majority(search.neighboursOf(index), labels));
  return { trainIndices, testIndices, predicted };
}

function widestAxis(data: Float32Array | Float64Array, n: number, d: number): number {
  let [best, widest] = [0, -1];
  for (let axis = 0; axis < d; axis++) {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = 0; i < n; i++) {
      low = Math.min(low, data[i * d + axis]);
      high = Math.max(high, data[i * d + axis]);
    }
    if (high - low > widest) [best, widest] = [axis, high - low];
  }
  return best;
}

/**
 * Exact neighbours by walking outwards along one axis until that axis alone is farther than the k-th
 * nearest.
 */
class SweepSearch {
  readonly #data: Float32Array | Float64Array;
  readonly #d: number;
  readonly #axis: number;
  readonly #sorted: Int32Array;
  readonly #heap: NearestHeap;

  constructor(
    data: Float32Array | Float64Array,
    d: number,
    axis: number,
    sorted: Int32Array,
    neighbours: number,
  ) {
    this.#data = data;
    this.#d = d;
    this.#axis = axis;
    this.#sorted = sorted;
    this.#heap = new NearestHeap(neighbours);
  }

  /** The nearest candidates of point `index`, in no particular order; valid until the next call. */
  neighboursOf(index: number): Int32Array {
    const heap = this.#heap;
    heap.clear();
    const start = this.#firstNotBelow(this.#coordinate(index));
    let [left, right] = [start - 1, start];
    let [leftGap, rightGap] = [this.#gap(index, left), this.#gap(index, right)];
    while (Math.min(leftGap, rightGap) <= heap.worst) {
      if (leftGap < rightGap) {
        this.#visit(index, this.#sorted[left--]);
        leftGap = this.#gap(index, left);
      } else {
        if (rightGap === Number.POSITIVE_INFINITY) break;
        this.#visit(index, this.#sorted[right++]);
        rightGap = this.#gap(index, right);
      }
    }
    return heap.indices;
  }

  #coordinate(index: number): number {
    return this.#data[index * this.#d + this.#axis];
  }

  #firstNotBelow(value: number): number {
    let [low, high] = [0, this.#sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#coordinate(this.#sorted[middle]) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The squared distance along the axis to the candidate at a position; infinite beyond the ends. */
  #gap(index: number, position: number): number {
    if (position < 0 || position >= this.#sorted.length) return Number.POSITIVE_INFINITY;
    const gap = this.#coordinate(index) - this.#coordinate(this.#sorted[position]);
    return gap * gap;
  }

  #visit(index: number, candidate: number): void {
    const data = this.#data;
    const d = this.#d;
    const worst = this.#heap.worst;
    let squared = 0;
    for (let from = 0; from < d; from += 16) {
      const to = Math.min(from + 16, d);
      for (let axis = from; axis < to; axis++) {
        const difference = data[index * d + axis] - data[candidate * d + axis];
        squared += difference * difference;
      }
      if (squared > worst) return;
    }
    this.#heap.offer(squared, candidate);
  }
}

/** The label that most of the neighbours have, the smallest of several. */
function majority(neighbours: Int32Array, labels: ArrayLike<number>): number {
  const votes = new Map<number, number>();
  for (const index of neighbours) votes.set(labels[index], (votes.get(labels[index]) ?? 0) + 1);
  let [winner, most] = [0, 0];
  for (const [label, count] of votes) {
    if (count > most || (count === most && label < winner)) [winner, most] = [label, count];
  }
  return winner;
}
