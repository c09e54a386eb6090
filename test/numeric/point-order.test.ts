// The order of many points in memory: it changes no force, and brings neighbours together.
import { expect, test } from 'vitest';
import { Random } from '../../numeric/random.ts';
import { affinities, type SparseMatrix } from '../../numeric/tsne/affinities.ts';
import { attract } from '../../numeric/tsne/attraction.ts';
import { arrange, neighbourOrder, reordered } from '../../numeric/tsne/point-order.ts';

/** Points on a line, numbered at random; each belongs to those beside it, and no line goes on beyond a multiple of `length`. */
function lines(n: number, length: number): Promise<SparseMatrix> {
  const numbers = new Random(n).permutation(n);
  const offsets = [-2, -1, 1, 2];
  const indices = new Int32Array(4 * n);
  const squaredDistances = new Float64Array(4 * n);
  for (let place = 0; place < n; place++) {
    const line = place - (place % length);
    for (const [at, offset] of offsets.entries()) {
      indices[4 * numbers[place] + at] = numbers[line + ((place - line + offset + length) % length)];
      squaredDistances[4 * numbers[place] + at] = offset * offset + place / n;
    }
  }
  return affinities({ indices, squaredDistances }, n, 2);
}

function dense({ rowStarts, columns, values }: SparseMatrix, names: ArrayLike<number>): Map<string, number> {
  const entries = new Map<string, number>();
  for (let i = 0; i + 1 < rowStarts.length; i++) {
    for (let e = rowStarts[i]; e < rowStarts[i + 1]; e++)
      entries.set(`${names[i]} ${names[columns[e]]}`, values[e]);
  }
  return entries;
}

test('every point has one place, near its neighbours; the entries of P are the same, in ascending columns', async () => {
  const p = await lines(1200, 400);
  const order = neighbourOrder(p);
  expect([...order].sort((a, b) => a - b)).toEqual([...order.keys()]);
  const q = reordered(p, order);
  expect(dense(q, order)).toEqual(dense(p, [...order.keys()]));
  for (let i = 0; i < 1200; i++) {
    const row = q.columns.subarray(q.rowStarts[i], q.rowStarts[i + 1]);
    expect(row.toSorted()).toEqual(row);
    for (const j of row) expect(Math.abs(i - j)).toBeLessThanOrEqual(8);
  }
});

test('few points stay as they are; many feel the same forces in their new places', async () => {
  for (const n of [20_000, 20_400]) {
    const p = await lines(n, 400);
    const random = new Random(1);
    const y = Float64Array.from({ length: 2 * n }, () => random.normal());
    const arranged = arrange(p, y);
    expect(arranged.p === p).toBe(n === 20_000);
    expect(arranged.restore(arranged.start)).toEqual(y);
    const [forces, others] = [new Float64Array(2 * n), new Float64Array(2 * n)];
    attract(p, y, forces, 0, n);
    attract(arranged.p, arranged.start, others, 0, n);
    const restored = arranged.restore(others);
    const worst = forces.reduce(
      (largest, force, c) => Math.max(largest, Math.abs(force - restored[c]) * n),
      0,
    );
    expect(worst).toBeLessThan(1e-12);
  }
});
