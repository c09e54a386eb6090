// In which order many points lie in memory: near ones side by side, so that the forces find them in the processor's cache.
import { sharedArray } from '../threads/thread-team.ts';
import type { SparseMatrix } from './affinities.ts';

/** Up to here all positions fit a core's own cache, in any order. */
const cachedPoints = 20_000;

/** Points as the optimiser takes them: P, and positions `[n, 2]`. */
export interface Arrangement {
  readonly p: SparseMatrix;
  readonly start: Float64Array;
  /** Brings positions `[n, 2]` into the order of the data again. */
  restore(y: Float64Array): Float64Array;
}

/** The points as they are while they are few, else from neighbour to neighbour. */
export function arrange(p: SparseMatrix, start: Float64Array): Arrangement {
  const n = p.rowStarts.length - 1;
  if (n <= cachedPoints) return { p, start, restore: y => y };
  const order = neighbourOrder(p);
  const restore = (y: Float64Array) => {
    const restored = new Float64Array(2 * n);
    order.forEach((i, place) => {
      restored[2 * i] = y[2 * place];
      restored[2 * i + 1] = y[2 * place + 1];
    });
    return restored;
  };
  const arranged = new Float64Array(2 * n);
  order.forEach((i, place) => {
    arranged[2 * place] = start[2 * i];
    arranged[2 * place + 1] = start[2 * i + 1];
  });
  return { p: reordered(p, order), start: arranged, restore };
}

/** The points by breadth-first search through P from the first on: `[n]`. */
export function neighbourOrder({ rowStarts, columns }: SparseMatrix): Int32Array {
  const n = rowStarts.length - 1;
  const order = new Int32Array(n);
  const isPlaced = new Uint8Array(n);
  let end = 0;
  const place = (i: number) => {
    if (isPlaced[i]) return;
    isPlaced[i] = 1;
    order[end++] = i;
  };
  for (let first = 0, next = 0; first < n; first++) {
    place(first);
    for (; next < end; next++) {
      for (let e = rowStarts[order[next]]; e < rowStarts[order[next] + 1]; e++) place(columns[e]);
    }
  }
  return order;
}

/** P for the points `order[0]`, `order[1]`, …: as P is symmetric, its columns, one after the other, fill the rows in ascending order. */
export function reordered({ rowStarts, columns, values }: SparseMatrix, order: Int32Array): SparseMatrix {
  const n = order.length;
  const places = new Int32Array(n);
  const starts = new Int32Array(n + 1);
  order.forEach((i, place) => {
    places[i] = place;
    starts[place + 1] = starts[place] + rowStarts[i + 1] - rowStarts[i];
  });
  const ends = starts.slice();
  const reorderedColumns = sharedArray(Int32Array, columns.length);
  const reorderedValues = sharedArray(Float64Array, columns.length);
  for (let column = 0; column < n; column++) {
    for (let e = rowStarts[order[column]]; e < rowStarts[order[column] + 1]; e++) {
      const at = ends[places[columns[e]]]++;
      reorderedColumns[at] = column;
      reorderedValues[at] = values[e];
    }
  }
  return { rowStarts: starts, columns: reorderedColumns, values: reorderedValues };
}
