import { expect, test } from 'vitest';
import { ndarray } from '../../numeric/arrays/array.ts';
import { Random } from '../../numeric/random.ts';
import { principalComponents } from '../../numeric/tsne/initialisation/principal-components.ts';
import { tridiagonalEigen } from '../../numeric/tsne/initialisation/tridiagonal-eigen.ts';

test('eigenvalues of the second difference are 2 − 2 cos(kπ / (m + 1)), its eigenvectors sines', () => {
  const m = 40;
  const { values, vectors } = tridiagonalEigen(new Array(m).fill(2), new Array(m - 1).fill(-1));
  for (let r = 0; r < m; r++) {
    const k = m - r;
    expect(values[r]).toBeCloseTo(2 - 2 * Math.cos((k * Math.PI) / (m + 1)), 12);
    let overlap = 0;
    for (let i = 0; i < m; i++) {
      overlap += vectors[r * m + i] * Math.sin(((i + 1) * k * Math.PI) / (m + 1)) * Math.sqrt(2 / (m + 1));
    }
    expect(Math.abs(overlap)).toBeCloseTo(1, 12);
  }
});

test.each([
  ['more points than dimensions', 200, 30],
  ['more dimensions than points', 25, 90],
])('components are orthonormal eigenvectors of the covariance: %s', async (_, n, d) => {
  const random = new Random(n);
  const data = Float64Array.from({ length: n * d }, (_, i) => random.normal() / (1 + (i % d)) + 5);
  const { mean, components, variances } = await principalComponents(ndarray(data, [n, d]), 4);
  const row = (r: number) => components.subarray(r * d, (r + 1) * d);
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => {
    let sum = 0;
    for (let i = 0; i < d; i++) sum += a[i] * b[i];
    return sum;
  };
  for (let r = 0; r < 4; r++) {
    for (let s = 0; s <= r; s++) expect(dot(row(r), row(s))).toBeCloseTo(r === s ? 1 : 0, 10);
    const product = new Float64Array(d);
    for (let i = 0; i < n; i++) {
      const centred = data.subarray(i * d, (i + 1) * d).map((value, axis) => value - mean[axis]);
      const score = dot(centred, row(r));
      for (let axis = 0; axis < d; axis++) product[axis] += (score * centred[axis]) / n;
    }
    product.forEach((value, axis) => {
      expect(Math.abs(value - variances[r] * row(r)[axis])).toBeLessThan(1e-7 * variances[0]);
    });
    expect(Math.max(...row(r))).toBe(Math.max(...row(r).map(Math.abs)));
  }
  expect([...variances]).toEqual([...variances].sort((a, b) => b - a));
});

test('data of lower rank, or without any variance, has components of variance 0', async () => {
  const line = ndarray(
    Float32Array.from({ length: 60 }, (_, i) => Math.floor(i / 3) * ((i % 3) - 1)),
    [20, 3],
  );
  const { variances, components } = await principalComponents(line, 3);
  expect(variances[0]).toBeCloseTo((2 * (20 ** 2 - 1)) / 12, 8);
  expect(Math.max(Math.abs(variances[1]), Math.abs(variances[2]))).toBeLessThan(1e-9);
  expect(Math.abs(components[0])).toBeCloseTo(Math.SQRT1_2, 10);
  const constant = await principalComponents(ndarray(new Uint8Array(40).fill(7), [10, 4]), 2);
  expect([...constant.variances]).toEqual([0, 0]);
  await expect(principalComponents(line, 4)).rejects.toThrow('20 × 3 data has at most 3, not 4');
});
