import { expect, test } from 'vitest';
import { ndarray } from '../../numeric/arrays/array.ts';
import { Random } from '../../numeric/random.ts';
import { knnAccuracy, knnPredictions } from '../../numeric/scores/knn-accuracy.ts';

function clusters(n: number, d: number, classes: number) {
  const random = new Random(n + d);
  const labels = Int32Array.from({ length: n }, (_, i) => i % classes);
  const data = Float32Array.from(
    { length: n * d },
    (_, i) => labels[Math.floor(i / d)] * 0.7 + random.normal(),
  );
  return { embedding: ndarray(data, [n, d]), labels };
}

test.each([2, 1, 5, 40])('predictions in %i dimensions are those of brute force', d => {
  const { embedding, labels } = clusters(400, d, 5);
  const { trainIndices, testIndices, predicted } = knnPredictions(embedding, labels, { neighbours: 7 });
  testIndices.forEach((index, t) => {
    const distance = (j: number) => {
      let sum = 0;
      for (let axis = 0; axis < d; axis++)
        sum += (embedding.data[index * d + axis] - embedding.data[j * d + axis]) ** 2;
      return sum;
    };
    const nearest = [...trainIndices].sort((a, b) => distance(a) - distance(b) || a - b).slice(0, 7);
    const votes = [0, 1, 2, 3, 4].map(label => nearest.filter(j => labels[j] === label).length);
    expect(predicted[t]).toBe(votes.indexOf(Math.max(...votes)));
  });
  expect(trainIndices.length + testIndices.length).toBe(400);
});

test('separate classes are predicted without fault, and a tie goes to the smallest label', () => {
  const embedding = ndarray(Float64Array.of(0, 0, 1, 0, 0, 1, 50, 0, 51, 0, 50, 1), [6, 2]);
  const split = { trainIndices: Int32Array.of(0, 1, 3, 4), testIndices: Int32Array.of(2, 5) };
  expect(knnAccuracy(embedding, [3, 3, 3, 8, 8, 8], { neighbours: 2, split })).toBe(1);
  expect([...knnPredictions(embedding, [3, 3, 3, 8, 8, 8], { neighbours: 4, split }).predicted]).toEqual([
    3, 3,
  ]);
  expect(knnAccuracy(embedding, [3, 3, 3, 8, 8, 8], { neighbours: 4, split })).toBe(0.5);
});

test('wrong input is refused', () => {
  const { embedding, labels } = clusters(20, 2, 2);
  expect(() => knnAccuracy(embedding, labels.subarray(1))).toThrow('20 points, but 19 labels');
  expect(() => knnAccuracy(embedding, labels, { neighbours: 19 })).toThrow('only 18 training points');
  embedding.data[3] = Number.NaN;
  expect(() => knnAccuracy(embedding, labels)).toThrow('NaN');
});
