// The reference vectors of learning: losses, schedule, optimiser, networks, training (test/golden/README.md).
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compareWithGolden, readGoldenCase } from '../../infra/verify/golden-case.ts';
import { pretrainedChecks } from '../../infra/verify/pretrained-checks.ts';
import { trainingChecks } from '../../infra/verify/training-checks.ts';

describe.each(Object.entries({ ...trainingChecks, ...pretrainedChecks }))('%s', (name, check) => {
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
  const actual = await trainingChecks['simclr-training']({
    ...golden,
    parameters: { ...golden.parameters, ...parameters },
  });
  const found = compareWithGolden(golden, actual).filter(({ passed }) => !passed);
  expect(found.map(({ name }) => name)).toContain('output');
});
