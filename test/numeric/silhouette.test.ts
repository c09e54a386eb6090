import { expect, test } from 'vitest';
import { ndarray } from '../../numeric/array.ts';
import { Random } from '../../numeric/random.ts';
import { silhouette, silhouetteSamples } from '../../numeric/silhouette.ts';

test('four points on a line, by hand', () => {
  // a = 1; b = (4 + 6) / 2 = 5 for the outer, (3 + 5) / 2 = 4 for the inner point of the first class
  const embedding = ndarray(Float64Array.of(0, 1, 4, 6), [4, 1]);
  const expected = [4 / 5, 3 / 4, (3.5 - 2) / 3.5, (5.5 - 2) / 5.5];
  silhouetteSamples(embedding, [9, 9, 2, 2]).forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], 14);
  });
});

test.each([2, 7])('every sample in %i dimensions is what the definition says', d => {
  const random = new Random(d);
  const n = 120;
  const labels = Int32Array.from({ length: n }, () => random.integer(4) - 1);
  const embedding = ndarray(
    Float32Array.from({ length: n * d }, () => random.normal()),
    [n, d],
  );
  const distance = (i: number, j: number) =>
    Math.hypot(
      ...Array.from({ length: d }, (_, axis) => embedding.data[i * d + axis] - embedding.data[j * d + axis]),
    );
  const samples = silhouetteSamples(embedding, labels);
  for (let i = 0; i < n; i++) {
    const meanTo = (label: number) => {
      const others = [...labels.keys()].filter(j => j !== i && labels[j] === label);
      return others.reduce((sum, j) => sum + distance(i, j), 0) / others.length;
    };
    const a = meanTo(labels[i]);
    const b = Math.min(...[-1, 0, 1, 2].filter(label => label !== labels[i]).map(meanTo));
    expect(samples[i]).toBeCloseTo((b - a) / Math.max(a, b), 12);
  }
  expect(silhouette(embedding, labels)).toBeCloseTo(samples.reduce((x, y) => x + y) / n, 14);
});

test('one class, a class for each point, and NaN are refused', () => {
  const embedding = ndarray(Float64Array.of(0, 1, 2, 3), [4, 1]);
  expect(() => silhouette(embedding, [1, 1, 1, 1])).toThrow('got 1 for 4 points');
  expect(() => silhouette(embedding, [1, 2, 3, 4])).toThrow('got 4 for 4 points');
  expect(() => silhouette(embedding, [1, 2, 3])).toThrow('4 points, but 3 labels');
  expect(() => silhouette(ndarray(Float64Array.of(0, Number.NaN, 1), [3, 1]), [1, 1, 2])).toThrow('NaN');
});
