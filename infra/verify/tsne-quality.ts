// Golden check: how good a whole t-SNE is, by its divergence (exact) and the kNN accuracy of its embedding.
import { z } from 'zod';
import { knnAccuracy } from '../../numeric/scores/knn-accuracy.ts';
import { klDivergence } from '../../numeric/tsne/kl-divergence.ts';
import { repelExactly } from '../../numeric/tsne/repulsion/exact-repulsion.ts';
import { inputSimilarities, tsne } from '../../numeric/tsne/tsne.ts';
import type { Check } from './golden-case.ts';
import { numbers } from './typed-inputs.ts';

const Parameters = z.object({
  perplexity: z.number(),
  earlyExaggeration: z.number(),
  earlyExaggerationIterations: z.number(),
  iterations: z.number(),
});

export const tsneQuality: Check = async ({ inputs, parameters }) => {
  const x = numbers(inputs.x);
  const settings = Parameters.parse(parameters);
  const { embedding } = await tsne(x, settings);
  const p = await inputSimilarities(x, settings.perplexity);
  const [n] = x.shape;
  const y = Float64Array.from(embedding.data);
  const weights = new Float64Array(n);
  repelExactly(y, new Float64Array(2 * n), weights, 0, n);
  const totalWeight = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    klDivergence: klDivergence(p, y, totalWeight),
    knnAccuracy: knnAccuracy(embedding, inputs.labels.data),
  };
};
