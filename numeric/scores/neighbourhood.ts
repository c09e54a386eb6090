// What surrounds each point of an embedding: the class that its neighbours give it, how many differ, how dense it is.
import type { NdArray } from '../arrays/array.ts';
import { NearestHeap } from '../neighbours/nearest-heap.ts';
import { PlaneGrid } from '../neighbours/plane-grid.ts';
import { majority } from './knn-accuracy.ts';

export interface Neighbourhood {
  /** `[n]`, the label of most of the nearest others; ties to the smallest label. */
  readonly predicted: Int32Array;
  /** `[n]`, the share of the nearest others that are of another class, 0 … 1. */
  readonly disagreement: Float32Array;
  /** `[n]`, points per unit of area in the circle of the nearest others: k / (π r²); infinite where they coincide. */
  readonly density: Float32Array;
}

/**
 * Leaves one point out after the other and looks at its `neighbours` nearest others, of all points (the score's
 * kNN accuracy, in contrast, tests a tenth of them). Equal distances in the order of their indices.
 * @param embedding `[n, 2]`, finite; n > neighbours, else `RangeError`
 */
export function neighbourhood(
  { data, shape: [n] }: NdArray<Float32Array | Float64Array>,
  labels: ArrayLike<number>,
  neighbours = 15,
): Neighbourhood {
  if (neighbours >= n) {
    throw new RangeError(`neighbourhood: ${neighbours} neighbours wanted, but there are only ${n} points`);
  }
  const grid = new PlaneGrid(
    data,
    Int32Array.from({ length: n }, (_, i) => i),
  );
  const heap = new NearestHeap(neighbours + 1); // the point itself is among the nearest
  const predicted = new Int32Array(n);
  const disagreement = new Float32Array(n);
  const density = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    grid.search(data, i, heap);
    heap.sort();
    const { nearest, squaredRadius } = others(heap, i);
    predicted[i] = majority(nearest, labels);
    let different = 0;
    for (const j of nearest) if (labels[j] !== labels[i]) different++;
    disagreement[i] = different / neighbours;
    density[i] = neighbours / (Math.PI * squaredRadius);
  }
  return { predicted, disagreement, density };
}

/** A sorted heap without one of its points; where more coincide with it than the heap holds, without the last. */
function others({ indices, distances }: NearestHeap, self: number) {
  const place = indices.indexOf(self);
  const left = place < 0 ? indices.length - 1 : place;
  const last = left === indices.length - 1 ? indices.length - 2 : indices.length - 1;
  return { nearest: indices.filter((_, i) => i !== left), squaredRadius: distances[last] };
}
