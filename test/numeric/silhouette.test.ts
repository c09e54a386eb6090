// Claims about the silhouette: by hand, by its definition in plain form, and the same to the bit on any number of threads.
import { expect, test } from 'vitest';
import { type NdArray, ndarray } from '../../numeric/arrays/array.ts';
import { Random } from '../../numeric/random.ts';
import { silhouette, silhouetteSamples } from '../../numeric/scores/silhouette.ts';

test('four points on a line, by hand', async () => {
  // a = 1; b = (4 + 6) / 2 = 5 for the outer, (3 + 5) / 2 = 4 for the inner point of the first class
  const embedding = ndarray(Float64Array.of(0, 1, 4, 6), [4, 1]);
  const expected = [4 / 5, 3 / 4, (3.5 - 2) / 3.5, (5.5 - 2) / 5.5];
  (await silhouetteSamples(embedding, [9, 9, 2, 2])).forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], 14);
  });
});

/** Classes of very different sizes, some of them larger than a tile. */
function madeUp(n: number, d: number, classes: number) {
  const random = new Random(d);
  const labels = Int32Array.from({ length: n }, () => random.integer(1 + random.integer(classes)) - 1);
  const data = Float32Array.from({ length: n * d }, (_, i) => random.normal() + labels[Math.floor(i / d)]);
  return { embedding: ndarray(data, [n, d]), labels };
}

/** The definition, point by point. */
function plainSamples({ data, shape: [n, d] }: NdArray<Float32Array>, labels: Int32Array): number[] {
  const distinct = [...new Set(labels)];
  return Array.from(labels, (own, i) => {
    const sums = new Map(distinct.map(label => [label, { sum: 0, count: 0 }]));
    for (let j = 0; j < n; j++) {
      if (j === i) continue;
      let squared = 0;
      for (let axis = 0; axis < d; axis++) squared += (data[i * d + axis] - data[j * d + axis]) ** 2;
      const entry = sums.get(labels[j])!;
      entry.sum += Math.sqrt(squared);
      entry.count++;
    }
    const mean = (label: number) => sums.get(label)!.sum / sums.get(label)!.count;
    const a = mean(own);
    const b = Math.min(...distinct.filter(label => label !== own).map(mean));
    return (b - a) / Math.max(a, b);
  });
}

test.each([
  [2, 120, 4],
  [7, 120, 4],
  [2, 2500, 3],
  [5, 1200, 2],
])('every sample in %i dimensions of %i points is what the definition says', async (d, n, classes) => {
  const { embedding, labels } = madeUp(n, d, classes);
  const samples = await silhouetteSamples(embedding, labels);
  plainSamples(embedding, labels).forEach((expected, i) => {
    expect(Math.abs(samples[i] - expected)).toBeLessThan(1e-11);
  });
  expect(await silhouette(embedding, labels)).toBeCloseTo(samples.reduce((x, y) => x + y) / n, 14);
});

test('the number of threads does not change a bit', async () => {
  const { embedding, labels } = madeUp(15_001, 2, 4);
  const alone = await silhouetteSamples(embedding, labels, { threads: 1 });
  expect(await silhouetteSamples(embedding, labels, { threads: 3 })).toEqual(alone);
});

test('one class, a class for each point, and NaN are refused', async () => {
  const embedding = ndarray(Float64Array.of(0, 1, 2, 3), [4, 1]);
  await expect(silhouette(embedding, [1, 1, 1, 1])).rejects.toThrow('got 1 for 4 points');
  await expect(silhouette(embedding, [1, 2, 3, 4])).rejects.toThrow('got 4 for 4 points');
  await expect(silhouette(embedding, [1, 2, 3])).rejects.toThrow('4 points, but 3 labels');
  const broken = ndarray(Float64Array.of(0, Number.NaN, 1), [3, 1]);
  await expect(silhouette(broken, [1, 1, 2])).rejects.toThrow('NaN');
});
