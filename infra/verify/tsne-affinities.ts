// Golden check: the similarities P that t-SNE takes from the data.
import { z } from 'zod';
import { ndarray } from '../../numeric/arrays/array.ts';
import { inputSimilarities } from '../../numeric/tsne/tsne.ts';
import type { Check } from './golden-case.ts';
import { numbers } from './typed-inputs.ts';

const Parameters = z.object({ perplexity: z.number() });

export const tsneAffinities: Check = async ({ inputs, parameters }) => {
  const x = numbers(inputs.x);
  const [n] = x.shape;
  const { rowStarts, columns, values } = await inputSimilarities(x, Parameters.parse(parameters).perplexity);
  const dense = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let e = rowStarts[i]; e < rowStarts[i + 1]; e++) dense[i * n + columns[e]] = values[e];
  }
  return { P: ndarray(dense, [n, n]) };
};
