// Every check of the reference vectors by name, each running the code that experiments run.
import { augmentationDistribution } from './augmentation-distribution.ts';
import { augmentations } from './augmentations.ts';
import type { Check } from './golden-case.ts';
import { imageChecks } from './image-checks.ts';
import { numericChecks } from './numeric-checks.ts';
import { pretrainedChecks } from './pretrained-checks.ts';
import { trainingChecks } from './training-checks.ts';

export const checks: Readonly<Record<string, Check>> = {
  'augmentation-distribution': augmentationDistribution,
  augmentations,
  ...imageChecks,
  ...numericChecks,
  ...pretrainedChecks,
  ...trainingChecks,
};
