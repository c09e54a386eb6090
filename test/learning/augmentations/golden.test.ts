// Augmentations against the reference vectors: torchvision's steps on Pillow images, and its random draws.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { augmentationDistribution } from '../../../infra/verify/augmentation-distribution.ts';
import { augmentations } from '../../../infra/verify/augmentations.ts';
import { compareWithGolden, readGoldenCase } from '../../../infra/verify/golden-case.ts';

const golden = path.join(import.meta.dirname, '../../golden');

describe('augmentations', () => {
  it.each(readdirSync(path.join(golden, 'augmentations')))('%s: every level is equal', async folder => {
    const reference = await readGoldenCase(path.join(golden, 'augmentations', folder));
    const comparisons = compareWithGolden(reference, await augmentations(reference));
    expect(comparisons).toEqual([{ name: 'augmented', passed: true, absolute: 0, relative: 0 }]);
  });
});

describe('augmentation-distribution', () => {
  it.each(readdirSync(path.join(golden, 'augmentation-distribution')))('%s', async folder => {
    const reference = await readGoldenCase(path.join(golden, 'augmentation-distribution', folder));
    const comparisons = compareWithGolden(reference, await augmentationDistribution(reference));
    expect(comparisons.filter(({ passed }) => !passed)).toEqual([]);
  });
});
