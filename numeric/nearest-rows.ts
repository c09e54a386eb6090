// The rows of an array that are nearest to one point: a single question, answered by looking at all.
import type { NdArray } from './array.ts';

/** Places of the `count` rows of `rows` `[n, d]` at the smallest Euclidean distances from `point` `[d]`, nearest first; ties by place. */
export function nearestRows(rows: NdArray<Float32Array>, point: Float32Array, count: number): number[] {
  const [n, d] = rows.shape;
  if (point.length !== d) throw new RangeError(`a point of ${point.length} numbers, rows of ${d}`);
  const nearest: { row: number; squared: number }[] = [];
  for (let row = 0; row < n; row++) {
    const limit = nearest.length === count ? nearest[count - 1].squared : Infinity;
    let squared = 0;
    for (let i = 0, at = row * d; i < d; i++, at++) squared += (rows.data[at] - point[i]) ** 2;
    if (!(squared < limit)) continue;
    const place = nearest.findIndex(known => known.squared > squared);
    nearest.splice(place < 0 ? nearest.length : place, 0, { row, squared });
    if (nearest.length > count) nearest.pop();
  }
  return nearest.map(({ row }) => row);
}
