// Groups stay whole, and classes keep their shares as well as whole groups allow.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { groupedSplit } from '../../numeric/scores/grouped-split.ts';

test('no group is on both sides, and every image is on one', () => {
  const sets = fc.array(fc.tuple(fc.nat(3), fc.nat(12)), { minLength: 20, maxLength: 200 });
  fc.assert(
    fc.property(sets, fc.nat(9), (images, seed) => {
      const [labels, groups] = [images.map(([label]) => label), images.map(([, group]) => group)];
      fc.pre(new Set(groups).size > 1);
      const { trainIndices, testIndices } = groupedSplit(labels, groups, { seed });
      const learned = new Set(Array.from(trainIndices, i => groups[i]));
      expect(Array.from(testIndices).some(i => learned.has(groups[i]))).toBe(false);
      expect([...trainIndices, ...testIndices].sort((a, b) => a - b)).toEqual(images.map((_, i) => i));
      expect(testIndices.length > 0 && trainIndices.length > 0).toBe(true);
    }),
  );
});

test('a tenth of each class is tested, where groups are small', () => {
  const labels = Array.from({ length: 1000 }, (_, i) => Number(i % 4 === 0));
  const groups = Array.from({ length: 1000 }, (_, i) => Math.floor(i / 5));
  const { testIndices } = groupedSplit(labels, groups);
  const rare = testIndices.filter(i => labels[i] === 1).length;
  expect(Math.abs(testIndices.length - 100)).toBeLessThanOrEqual(5);
  expect(Math.abs(rare - 25)).toBeLessThanOrEqual(3);
  expect(groupedSplit(labels, groups, { seed: 1 }).testIndices).not.toEqual(testIndices);
  expect(() => groupedSplit([0, 1], [7, 7])).toThrow(/1 group; two at least/);
});

test('the smallest is tested where all are too large', () => {
  const groups = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1];
  expect([
    ...groupedSplit(
      groups.map((_, i) => i % 2),
      groups,
    ).testIndices,
  ]).toEqual([6, 7, 8, 9, 10]);
});
