// The squared Euclidean distance that neighbours are ranked by, in float64.
import type { TypedArray } from '../arrays/array.ts';

/** From `query` `[d]` to the d numbers of `x` from `start` on; four sums, so that additions need not wait for each other. */
export function squaredDistance(query: Float64Array, x: TypedArray, start: number): number {
  const d = query.length;
  const whole = d & ~3;
  let a = 0;
  let b = 0;
  let c = 0;
  let e = 0;
  let at = start;
  for (let axis = 0; axis < whole; axis += 4, at += 4) {
    const first = query[axis] - x[at];
    const second = query[axis + 1] - x[at + 1];
    const third = query[axis + 2] - x[at + 2];
    const fourth = query[axis + 3] - x[at + 3];
    a += first * first;
    b += second * second;
    c += third * third;
    e += fourth * fourth;
  }
  for (let axis = whole; axis < d; axis++, at++) a += (query[axis] - x[at]) ** 2;
  return a + b + (c + e);
}
