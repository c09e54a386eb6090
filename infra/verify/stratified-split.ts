// Golden check: the stratified train/test split of scikit-learn.
import { z } from 'zod';
import { ndarray } from '../../numeric/arrays/array.ts';
import { stratifiedSplit as split } from '../../numeric/scores/stratified-split.ts';
import type { Check } from './golden-case.ts';

const Parameters = z.object({ testSize: z.number().default(0.1), randomState: z.number().default(0) });

export const stratifiedSplit: Check = ({ inputs, parameters }) => {
  const { testSize, randomState } = Parameters.parse(parameters);
  const { trainIndices, testIndices } = split(inputs.labels.data, {
    testFraction: testSize,
    seed: randomState,
  });
  return {
    trainIndices: ndarray(trainIndices, [trainIndices.length]),
    testIndices: ndarray(testIndices, [testIndices.length]),
  };
};
