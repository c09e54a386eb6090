// A k-d tree (Bentley, 1975): which of many points are nearest to a place, exactly, without looking at most of them.
import type { NearestHeap } from './nearest-heap.ts';

const leafSize = 32; // points; fewer cost more in nodes than they save (327,680 points: 8 to 40 tried)

/**
 * Points of a table `[n, d]`, halved again and again across the longest side of their bounding box. Nodes are numbered as in
 * a heap: the halves of node i are 2i + 1 and 2i + 2.
 */
export class KdTree {
  readonly #d: number;
  /** The points' places in the table, leaf by leaf. */
  readonly #indices: Int32Array;
  /** `[points, d]`, in the order of `#indices`. */
  readonly #points: Float64Array;
  /** `[nodes, 2, d]`: smallest and largest coordinates. */
  readonly #boxes: Float64Array;
  readonly #firstLeaf: number;
  readonly #query: Float64Array;

  /** @param indices the rows of `data` `[n, d]` that the tree holds, one at least */
  constructor(data: ArrayLike<number>, d: number, indices: Int32Array) {
    const levels = Math.max(0, Math.ceil(Math.log2(indices.length / leafSize)));
    this.#d = d;
    this.#indices = indices.slice();
    this.#firstLeaf = 2 ** levels - 1;
    this.#boxes = new Float64Array((2 * this.#firstLeaf + 1) * 2 * d);
    this.#query = new Float64Array(d);
    this.#points = new Float64Array(indices.length * d);
    for (let i = 0; i < indices.length; i++) {
      for (let axis = 0; axis < d; axis++) this.#points[i * d + axis] = data[indices[i] * d + axis];
    }
    this.#divide(0, 0, indices.length);
  }

  /**
   * Offers to `heap` every point that may be among the nearest to row `index` of `data`, with its squared Euclidean distance
   * and its place in the table.
   */
  search(data: ArrayLike<number>, index: number, heap: NearestHeap): void {
    for (let axis = 0; axis < this.#d; axis++) this.#query[axis] = data[index * this.#d + axis];
    this.#visit(0, 0, this.#indices.length, heap);
  }

  /** Puts the points `from` … `to` − 1 of a node in order: those of the first half before those of the second. */
  #divide(node: number, from: number, to: number): void {
    const axis = this.#enclose(node, from, to);
    if (node >= this.#firstLeaf) return;
    const middle = (from + to) >> 1;
    selectNth(this.#points, this.#indices, this.#d, axis, from, to - 1, middle);
    this.#divide(2 * node + 1, from, middle);
    this.#divide(2 * node + 2, middle, to);
  }

  /** Computes a node's box and gives the axis along which it is longest. */
  #enclose(node: number, from: number, to: number): number {
    const d = this.#d;
    const points = this.#points;
    let [longest, extent] = [0, -1];
    for (let axis = 0; axis < d; axis++) {
      let low = Number.POSITIVE_INFINITY;
      let high = Number.NEGATIVE_INFINITY;
      for (let i = from; i < to; i++) {
        const value = points[i * d + axis];
        if (value < low) low = value;
        if (value > high) high = value;
      }
      this.#boxes[2 * node * d + axis] = low;
      this.#boxes[(2 * node + 1) * d + axis] = high;
      if (high - low > extent) [longest, extent] = [axis, high - low];
    }
    return longest;
  }

  #visit(node: number, from: number, to: number, heap: NearestHeap): void {
    if (node >= this.#firstLeaf) {
      for (let i = from; i < to; i++) this.#offer(i, heap);
      return;
    }
    const middle = (from + to) >> 1;
    const [left, right] = [2 * node + 1, 2 * node + 2];
    const [toLeft, toRight] = [this.#squaredDistanceToBox(left), this.#squaredDistanceToBox(right)];
    if (toLeft <= toRight) {
      if (toLeft <= heap.worst) this.#visit(left, from, middle, heap);
      if (toRight <= heap.worst) this.#visit(right, middle, to, heap);
    } else {
      if (toRight <= heap.worst) this.#visit(right, middle, to, heap);
      if (toLeft <= heap.worst) this.#visit(left, from, middle, heap);
    }
  }

  /**
   * Never above the distance that `#offer` computes for a point of the node, not even by rounding: it adds up terms that are no
   * larger, in the same order.
   */
  #squaredDistanceToBox(node: number): number {
    const d = this.#d;
    const [low, high] = [2 * node * d, (2 * node + 1) * d];
    let squared = 0;
    for (let axis = 0; axis < d; axis++) {
      const value = this.#query[axis];
      const below = this.#boxes[low + axis] - value;
      const above = value - this.#boxes[high + axis];
      if (below > 0) squared += below * below;
      else if (above > 0) squared += above * above;
    }
    return squared;
  }

  #offer(i: number, heap: NearestHeap): void {
    const d = this.#d;
    const worst = heap.worst;
    let squared = 0;
    for (let from = 0; from < d; from += 16) {
      const to = Math.min(from + 16, d);
      for (let axis = from; axis < to; axis++) {
        const difference = this.#query[axis] - this.#points[i * d + axis];
        squared += difference * difference;
      }
      if (squared > worst) return;
    }
    heap.offer(squared, this.#indices[i]);
  }
}

/**
 * Reorders the points first … last, with their `indices`, so that the one at `nth` would stand there if they were sorted by their
 * coordinate along `axis`, with nothing larger before it and nothing smaller behind it (Hoare's quickselect).
 */
function selectNth(
  points: Float64Array,
  indices: Int32Array,
  d: number,
  axis: number,
  first: number,
  last: number,
  nth: number,
): void {
  while (first < last) {
    const pivot = points[((first + last) >> 1) * d + axis];
    let i = first;
    let j = last;
    while (i <= j) {
      while (points[i * d + axis] < pivot) i++;
      while (points[j * d + axis] > pivot) j--;
      if (i <= j) swap(points, indices, d, i++, j--);
    }
    if (nth <= j) last = j;
    else if (nth >= i) first = i;
    else return;
  }
}

function swap(points: Float64Array, indices: Int32Array, d: number, i: number, j: number): void {
  const index = indices[i];
  indices[i] = indices[j];
  indices[j] = index;
  for (let axis = 0; axis < d; axis++) {
    const value = points[i * d + axis];
    points[i * d + axis] = points[j * d + axis];
    points[j * d + axis] = value;
  }
}
