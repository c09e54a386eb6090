// The surroundings of points, held against brute force and against places that one can reckon by hand.
import { expect, test } from 'vitest';
import { ndarray } from '../../numeric/arrays/array.ts';
import { Random } from '../../numeric/random.ts';
import { neighbourhood } from '../../numeric/scores/neighbourhood.ts';

test('prediction, disagreement and density are those of brute force, each point left out', () => {
  const [n, k] = [300, 7];
  const random = new Random(5);
  const labels = Int32Array.from({ length: n }, () => random.integer(4));
  const data = Float32Array.from({ length: 2 * n }, (_, i) => labels[i >> 1] * 0.8 + random.normal());
  const { predicted, disagreement, density } = neighbourhood(ndarray(data, [n, 2]), labels, k);
  for (let i = 0; i < n; i++) {
    const squared = (j: number) =>
      (data[2 * i] - data[2 * j]) ** 2 + (data[2 * i + 1] - data[2 * j + 1]) ** 2;
    const nearest = Array.from({ length: n }, (_, j) => j)
      .filter(j => j !== i)
      .sort((a, b) => squared(a) - squared(b) || a - b)
      .slice(0, k);
    const votes = [0, 1, 2, 3].map(label => nearest.filter(j => labels[j] === label).length);
    expect(predicted[i]).toBe(votes.indexOf(Math.max(...votes)));
    expect(disagreement[i]).toBeCloseTo((k - votes[labels[i]]) / k, 6);
    expect(density[i]).toBeCloseTo(k / (Math.PI * squared(nearest[k - 1])), 3);
  }
});

test('points that coincide do not count themselves', () => {
  const { disagreement, density } = neighbourhood(ndarray(new Float32Array(8), [4, 2]), [0, 1, 1, 1], 3);
  expect([...disagreement]).toEqual([1, 1 / 3, 1 / 3, 1 / 3].map(Math.fround));
  expect(density[0]).toBe(Number.POSITIVE_INFINITY);
});

test('as many points as neighbours are too few', () => {
  expect(() => neighbourhood(ndarray(new Float32Array(8), [4, 2]), [0, 0, 0, 0], 4)).toThrow('only 4 points');
});
