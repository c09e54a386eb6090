// Reference checks of numeric/: scores and their split, and t-SNE.
import { z } from 'zod';
import { type NdArray, ndarray } from '../../numeric/arrays/array.ts';
import { knnAccuracy } from '../../numeric/scores/knn-accuracy.ts';
import { silhouette } from '../../numeric/scores/silhouette.ts';
import { stratifiedSplit } from '../../numeric/scores/stratified-split.ts';
import type { SparseMatrix } from '../../numeric/tsne/affinities.ts';
import { attract } from '../../numeric/tsne/attraction.ts';
import { pcaInitialisation } from '../../numeric/tsne/initialisation/initialisation.ts';
import { klDivergence } from '../../numeric/tsne/kl-divergence.ts';
import { repelExactly } from '../../numeric/tsne/repulsion/exact-repulsion.ts';
import { inputSimilarities, tsne } from '../../numeric/tsne/tsne.ts';
import type { Actual, Check } from './golden-case.ts';
import { checkWith, floats, points } from './inputs.ts';

export const numericChecks = {
  'stratified-split': checkWith(
    z.object({ testSize: z.number().default(0.1), randomState: z.number().default(0) }),
    ({ testSize, randomState }, { labels }) => {
      const { trainIndices, testIndices } = stratifiedSplit(labels.data, {
        testFraction: testSize,
        seed: randomState,
      });
      return {
        trainIndices: ndarray(trainIndices, [trainIndices.length]),
        testIndices: ndarray(testIndices, [testIndices.length]),
      };
    },
  ),
  'knn-score': checkWith(
    z.object({ neighbours: z.number().default(15) }),
    ({ neighbours }, { embedding, labels, trainIndices, testIndices }) => {
      const split = {
        trainIndices: Int32Array.from(trainIndices.data),
        testIndices: Int32Array.from(testIndices.data),
      };
      return { accuracy: knnAccuracy(floats(embedding), labels.data, { neighbours, split }) };
    },
  ),
  silhouette: async ({ inputs }) => ({
    silhouette: await silhouette(floats(inputs.embedding), inputs.labels.data),
  }),
  'tsne-affinities': checkWith(z.object({ perplexity: z.number() }), async ({ perplexity }, inputs) => {
    return { P: dense(await inputSimilarities(points(inputs.x), perplexity)) };
  }),
  'tsne-gradient': checkWith(z.object({ exaggerations: z.array(z.number()) }), ({ exaggerations }, inputs) =>
    gradients(sparse(inputs.P), Float64Array.from(inputs.y.data), exaggerations),
  ),
  'pca-initialisation': async ({ inputs }) => ({ initialisation: await pcaInitialisation(points(inputs.x)) }),
  // how good a whole t-SNE is, by its divergence (exact) and the kNN accuracy of its embedding
  'tsne-quality': checkWith(
    z.object({
      perplexity: z.number(),
      earlyExaggeration: z.number(),
      earlyExaggerationIterations: z.number(),
      iterations: z.number(),
    }),
    async (settings, inputs) => {
      const x = points(inputs.x);
      const { embedding } = await tsne(x, settings);
      const p = await inputSimilarities(x, settings.perplexity);
      const y = Float64Array.from(embedding.data);
      return {
        klDivergence: klDivergence(p, y, repelled(y).totalWeight),
        knnAccuracy: knnAccuracy(embedding, inputs.labels.data),
      };
    },
  ),
} satisfies Record<string, Check>;

function gradients(p: SparseMatrix, y: Float64Array, exaggerations: readonly number[]): Actual {
  const n = y.length / 2;
  const attraction = new Float64Array(2 * n);
  attract(p, y, attraction, 0, n);
  const { repulsion, totalWeight } = repelled(y);
  const actual: Actual = { klDivergence: klDivergence(p, y, totalWeight) };
  for (const exaggeration of exaggerations) {
    // The vectors have the factor 4 that openTSNE, and so `descend`, leaves out.
    const gradient = attraction.map((force, c) => 4 * (exaggeration * force - repulsion[c] / totalWeight));
    actual[`gradient${exaggeration}`] = ndarray(gradient, [n, 2]);
  }
  return actual;
}

function repelled(y: Float64Array): { repulsion: Float64Array; totalWeight: number } {
  const repulsion = new Float64Array(y.length);
  const weights = new Float64Array(y.length / 2);
  repelExactly(y, repulsion, weights, 0, weights.length);
  return { repulsion, totalWeight: weights.reduce((sum, weight) => sum + weight, 0) };
}

function dense({ rowStarts, columns, values }: SparseMatrix): NdArray {
  const n = rowStarts.length - 1;
  const matrix = ndarray(new Float64Array(n * n), [n, n]);
  for (let i = 0; i < n; i++) {
    for (let e = rowStarts[i]; e < rowStarts[i + 1]; e++) matrix.data[i * n + columns[e]] = values[e];
  }
  return matrix;
}

function sparse({ data, shape: [n] }: NdArray): SparseMatrix {
  const rowStarts = new Int32Array(n + 1);
  const columns: number[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) if (data[i * n + j] !== 0) columns.push(j);
    rowStarts[i + 1] = columns.length;
  }
  return {
    rowStarts,
    columns: Int32Array.from(columns),
    values: Float64Array.from(data.filter(value => value !== 0)),
  };
}
