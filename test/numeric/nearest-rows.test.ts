import { expect, it } from 'vitest';
import { ndarray } from '../../numeric/arrays/array.ts';
import { nearestRows } from '../../numeric/neighbours/nearest-rows.ts';
import { Random } from '../../numeric/random.ts';

it('gives what sorting all distances gives, ties by place', () => {
  const random = new Random(5);
  const [n, d] = [200, 3];
  const data = Float32Array.from({ length: n * d }, () => random.integer(5));
  const point = Float32Array.of(2, 1, 3);
  const squared = (row: number) =>
    [0, 1, 2].reduce((sum, axis) => sum + (data[row * d + axis] - point[axis]) ** 2, 0);
  const sorted = Array.from({ length: n }, (_, row) => row).sort((a, b) => squared(a) - squared(b) || a - b);
  expect(nearestRows(ndarray(data, [n, d]), point, 12)).toEqual(sorted.slice(0, 12));
  expect(nearestRows(ndarray(data, [n, d]), point, 500)).toEqual(sorted);
  expect(() => nearestRows(ndarray(data, [n, d]), point.slice(1), 1)).toThrow(
    'a point of 2 numbers, rows of 3',
  );
});
