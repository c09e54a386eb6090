// Golden check: the kNN accuracy of an embedding.
import { z } from 'zod';
import { knnAccuracy } from '../../numeric/scores/knn-accuracy.ts';
import type { Check, GoldenCase } from './golden-case.ts';
import { floats, integers } from './typed-inputs.ts';

const Parameters = z.object({ neighbours: z.number().default(15) });

export const knnScore: Check = ({ inputs, parameters }: GoldenCase) => {
  const split = {
    trainIndices: integers(inputs.trainIndices),
    testIndices: integers(inputs.testIndices),
  };
  return {
    accuracy: knnAccuracy(floats(inputs.embedding), inputs.labels.data, {
      ...Parameters.parse(parameters),
      split,
    }),
  };
};
