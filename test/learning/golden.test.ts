// The reference vectors of learning: losses, schedule, optimiser, networks, training (test/golden/README.md).
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cauchyInfoNce } from '../../infra/verify/cauchy-info-nce.ts';
import { cosineInfoNce } from '../../infra/verify/cosine-info-nce.ts';
import { type Check, compareWithGolden, readGoldenCase } from '../../infra/verify/golden-case.ts';
import { learningRateSchedule } from '../../infra/verify/learning-rate-schedule.ts';
import { resnet18Imagenet } from '../../infra/verify/resnet18-imagenet.ts';
import { resnet18SmallImages } from '../../infra/verify/resnet18-small-images.ts';
import { resnet152Imagenet } from '../../infra/verify/resnet152-imagenet.ts';
import { sgd } from '../../infra/verify/sgd.ts';
import { simclrTraining } from '../../infra/verify/simclr-training.ts';
import { tSimcneTraining } from '../../infra/verify/t-simcne-training.ts';

const checks: Record<string, Check> = {
  'cauchy-info-nce': cauchyInfoNce,
  'cosine-info-nce': cosineInfoNce,
  'learning-rate-schedule': learningRateSchedule,
  sgd,
  'resnet18-small-images': resnet18SmallImages,
  'simclr-training': simclrTraining,
  't-simcne-training': tSimcneTraining,
  'resnet18-imagenet': resnet18Imagenet,
  'resnet152-imagenet': resnet152Imagenet,
};

describe.each(Object.entries(checks))('%s', (name, check) => {
  const folder = new URL(`../golden/${name}/`, import.meta.url).pathname;
  test.each(readdirSync(folder))('%s', async caseName => {
    const golden = await readGoldenCase(folder + caseName);
    const failures = compareWithGolden(golden, await check(golden)).filter(({ passed }) => !passed);
    expect(failures).toEqual([]);
  });
});

// Tolerances that admit rounding must not admit faults: each of these moves the weights by a hundred of them or more.
test.each([
  ['another momentum', { momentum: 0.8 }],
  ['no weight decay', { weightDecay: 0 }],
  ['no warm-up step', { learningRates: [0.012701, 0.020061, 0.027231, 0.027231] }],
  ['another temperature', { temperature: 0.51 }],
])('simclr-training with %s is found', async (_fault, parameters) => {
  const golden = await readGoldenCase(
    new URL('../golden/simclr-training/four-steps/', import.meta.url).pathname,
  );
  const actual = await simclrTraining({ ...golden, parameters: { ...golden.parameters, ...parameters } });
  const found = compareWithGolden(golden, actual).filter(({ passed }) => !passed);
  expect(found.map(({ name }) => name)).toContain('output');
});
