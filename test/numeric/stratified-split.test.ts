import { expect, test } from 'vitest';
import { Random } from '../../numeric/random.ts';
import { NumpyRandom } from '../../numeric/scores/numpy-random.ts';
import { stratifiedSplit, stratifiedSubset } from '../../numeric/scores/stratified-split.ts';

const countsOf = (labels: number[], indices: Int32Array) => {
  const counts: Record<number, number> = {};
  for (const i of indices) counts[labels[i]] = (counts[labels[i]] ?? 0) + 1;
  return counts;
};

test('the generator is MT19937: the first numbers of its authors’ seed', () => {
  const random = new NumpyRandom(5489);
  expect([random.bits(), random.bits(), random.bits()]).toEqual([3499211612, 581869302, 3890346734]);
});

test('permutations and choices are those of numpy.random.RandomState', () => {
  expect([...new NumpyRandom(0).permutation([...Array(10).keys()])]).toEqual([2, 8, 4, 9, 1, 6, 7, 3, 0, 5]);
  const random = new NumpyRandom(123);
  expect([...random.permutation([...Array(12).keys()])]).toEqual([5, 0, 4, 9, 8, 7, 10, 3, 1, 6, 11, 2]);
  expect([...random.choice([10, 20, 30, 40, 50], 3)]).toEqual([40, 10, 50]);
  expect(() => new NumpyRandom(-1)).toThrow('got -1');
});

test('the split is scikit-learn’s, in its order, for another seed and fraction too', () => {
  const labels = [4, 4, 1, 1, 1, 7, 7, 7, 7, 1, 4, 7, 1, 4, 7, 7, 4, 1, 7, 4];
  const { trainIndices, testIndices } = stratifiedSplit(labels, { testFraction: 0.25, seed: 7 });
  expect([...trainIndices]).toEqual([3, 2, 11, 17, 8, 18, 6, 9, 10, 16, 4, 19, 7, 13, 14]);
  expect([...testIndices]).toEqual([15, 5, 0, 1, 12]);
});

test('labels that cannot be split are refused, with the reason', () => {
  expect(() => stratifiedSplit([1, 1, 1, 5, 2, 2])).toThrow('of label 5 there is only one');
  expect(() => stratifiedSplit([1, 1, 2, 2, 3, 3])).toThrow('6 labels of 3 classes split into 5 and 1');
  expect(() => stratifiedSplit([])).toThrow('0 labels');
  expect(() => stratifiedSplit([0.5, 0.5])).toThrow('label 0: expected a whole number, got 0.5');
});

test('a subset keeps shares by largest remainder and two of the rarest', () => {
  const labels = [...Array(700).fill(0), ...Array(290).fill(1), ...Array(9).fill(2), 3];
  const subset = stratifiedSubset(labels, 100, new Random(1));
  expect(countsOf(labels, subset)).toEqual({ 0: 69, 1: 28, 2: 2, 3: 1 });
  expect([...subset]).toEqual([...new Set(subset)].sort((a, b) => a - b));
  expect(stratifiedSubset(labels, 100, new Random(1))).toEqual(subset);
  expect(stratifiedSubset(labels, 100, new Random(2))).not.toEqual(subset);
  expect(stratifiedSubset(labels, 1000, new Random(1)).length).toBe(1000);
});

test.each([6, 1001, 10.5])('a subset of %f is refused', count => {
  const labels = [...Array(500).fill(0), ...Array(490).fill(1), ...Array(9).fill(2), 3];
  expect(() => stratifiedSubset(labels, count, new Random(1))).toThrow('7 … 1000 can be taken');
});
