// The rows of an array that are nearest to one point: a single question, answered by looking at all.
import type { NdArray } from '../arrays/array.ts';
import { NearestHeap } from './nearest-heap.ts';

/** Places of the `count` rows of `rows` `[n, d]` at the smallest Euclidean distances from `point` `[d]`, nearest first; ties by place. */
export function nearestRows(rows: NdArray<Float32Array>, point: ArrayLike<number>, count: number): number[] {
  const [n, d] = rows.shape;
  if (point.length !== d) throw new RangeError(`a point of ${point.length} numbers, rows of ${d}`);
  const heap = new NearestHeap(Math.min(count, n));
  for (let row = 0; row < n; row++) {
    let squared = 0;
    for (let i = 0, at = row * d; i < d; i++, at++) squared += (rows.data[at] - point[i]) ** 2;
    heap.offer(squared, row);
  }
  heap.sort();
  return [...heap.indices];
}
