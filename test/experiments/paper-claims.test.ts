// Tolerances of the printed numbers, worked out by hand.
import { expect, it } from 'vitest';
import { pooledSd, printedClaim, printedClaims, toleranceOf } from '../../experiments/paper-claims.ts';
import { textClaims } from '../../experiments/text-claims.ts';

it('claims all 92 printed scores, each once', () => {
  expect(printedClaims).toHaveLength(2 * 45 + 2);
  const names = printedClaims.map(({ dataset, method, augmentation, metric }) =>
    [dataset, method, augmentation, metric].join('/'),
  );
  expect(new Set(names).size).toBe(92);
});

it('tests kNN on a tenth, rounded up', () => {
  const sizes = ['leukemia', 'bloodmnist', 'dermamnist', 'pathmnist', 'pcam16'].map(
    dataset => printedClaim(dataset, 'pixels-tsne', null, 'knn')!.testImages,
  );
  expect(sizes).toEqual([1837, 1710, 1002, 10718, 32768]);
});

it('pools the printed deviations of 24 trained cells', () => {
  // squares summed by hand, in hundredths of a point and in 1e-4: 259 and 130
  expect(pooledSd.knn).toBeCloseTo(Math.sqrt(2.59 / 24), 10);
  expect(pooledSd.silhouette).toBeCloseTo(Math.sqrt(0.013 / 24), 10);
});

it('allows two standard errors of training and test part, and half a printed unit', () => {
  const blood = printedClaim('bloodmnist', 't-simcne', 'rot90', 'knn')!; // 93.0 ± 0.3, below the pooled sd
  const byHand = 2 * Math.sqrt((2.59 / 24) * (1 / 3 + 1 / 3) + (2 * 93 * 7) / 1710) + 0.05;
  expect(toleranceOf(blood, 3)).toBeCloseTo(byHand, 10);
  expect(toleranceOf(blood, 1)).toBeGreaterThan(byHand); // one run says less
  const derma = printedClaim('dermamnist', 't-simcne', 'randrot', 'silhouette')!; // ± 0.06, no binomial error
  expect(toleranceOf(derma, 3)).toBeCloseTo(2 * 0.06 * Math.sqrt(2 / 3) + 0.005, 10);
  const control = printedClaim('cifar10', 't-simcne', 'default', 'knn')!; // printed in whole percents
  expect(toleranceOf(control, 1)).toBeCloseTo(
    2 * Math.sqrt((2 * 2.59) / 24 + (2 * 89 * 11) / 6000) + 0.5,
    10,
  );
});

it('has the eleven claims of the text', () => {
  expect(textClaims.map(({ id }) => id)).toEqual(Array.from({ length: 11 }, (_, i) => `C${i + 1}`));
});
