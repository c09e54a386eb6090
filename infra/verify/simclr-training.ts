// Reference check `simclr-training`: one stage with the cosine loss.
import { z } from 'zod';
import { ContrastiveNetwork } from '../../learning/networks/contrastive-network.ts';
import { storedWeights } from '../../learning/networks/weight.ts';
import type { Check } from './golden-case.ts';
import { namedArrays, prefixed } from './named-arrays.ts';
import { evaluate, trainStage } from './training-run.ts';

const Parameters = z.object({
  width: z.number(),
  learningRates: z.array(z.number()),
  temperature: z.number(),
  momentum: z.number(),
  weightDecay: z.number(),
});

export const simclrTraining: Check = ({ inputs, parameters }) => {
  const { width, learningRates, ...settings } = Parameters.parse(parameters);
  const weights = storedWeights(namedArrays(inputs, 'weights'));
  const network = new ContrastiveNetwork({ stem: 'small', width }, 2 * width, weights);
  const batches = { views: inputs.views, first: 0, learningRates };
  const loss = trainStage(network, batches, 'all', { loss: 'cosine', ...settings });
  const actual = {
    loss,
    ...prefixed('weights', network.toNamedTensors()),
    ...evaluate(network, inputs.images),
  };
  network.dispose();
  return actual;
};
