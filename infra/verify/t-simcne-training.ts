// Reference check `t-simcne-training`: the three stages with the Cauchy loss.
import { z } from 'zod';
import { ContrastiveNetwork } from '../../learning/networks/contrastive-network.ts';
import { storedWeights } from '../../learning/networks/weight.ts';
import type { Check } from './golden-case.ts';
import { namedArrays, prefixed } from './named-arrays.ts';
import { evaluate, trainStage } from './training-run.ts';

const Parameters = z.object({
  width: z.number(),
  steps: z.tuple([z.number(), z.number(), z.number()]),
  learningRates: z.array(z.array(z.number())).length(3), // stage by stage
  momentum: z.number(),
  weightDecay: z.number(),
  newLayer: z.string(),
});

export const tSimcneTraining: Check = ({ inputs, parameters }) => {
  const { width, steps, learningRates, newLayer, ...optimiser } = Parameters.parse(parameters);
  const weights = storedWeights(namedArrays(inputs, 'weights'));
  const network = new ContrastiveNetwork({ stem: 'small', width }, 2 * width, weights);
  const settings = { loss: 'cauchy', temperature: 1, ...optimiser } as const;
  const stage = (index: number, trained: 'all' | 'last-layer') => {
    const first = steps.slice(0, index).reduce((sum, count) => sum + count, 0);
    const batches = { views: inputs.views, first, learningRates: learningRates[index] };
    return trainStage(network, batches, trained, settings);
  };

  const first = stage(0, 'all');
  const replacement = new Map(
    [...namedArrays(inputs, 'newLayer')].map(([name, array]) => [`${newLayer}.${name}`, array] as const),
  );
  network.replaceLastLayer(2, storedWeights(replacement));
  const second = stage(1, 'last-layer');
  const afterStage2 = new Map(
    network
      .parameters('last-layer')
      .map(weight => [weight.name.slice(newLayer.length + 1), weight.toArray()] as const),
  );
  const third = stage(2, 'all');

  const { features, output: embedding } = evaluate(network, inputs.images);
  const actual = {
    loss: [...first, ...second, ...third],
    ...prefixed('afterStage2', afterStage2),
    ...prefixed('weights', network.toNamedTensors()),
    embedding,
    features,
  };
  network.dispose();
  return actual;
};
