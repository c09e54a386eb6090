// Golden check: t-SNE's gradient and divergence.
import { z } from 'zod';
import { type NdArray, ndarray } from '../../numeric/arrays/array.ts';
import type { SparseMatrix } from '../../numeric/tsne/affinities.ts';
import { attract } from '../../numeric/tsne/attraction.ts';
import { klDivergence } from '../../numeric/tsne/kl-divergence.ts';
import { repelExactly } from '../../numeric/tsne/repulsion/exact-repulsion.ts';
import type { Actual, Check } from './golden-case.ts';

const Parameters = z.object({ exaggerations: z.array(z.number()) });

export const tsneGradient: Check = ({ inputs, parameters }) => {
  const p = sparse(inputs.P);
  const y = Float64Array.from(inputs.y.data);
  const n = y.length / 2;
  const attraction = new Float64Array(2 * n);
  const repulsion = new Float64Array(2 * n);
  const weights = new Float64Array(n);
  attract(p, y, attraction, 0, n);
  repelExactly(y, repulsion, weights, 0, n);
  const totalWeight = weights.reduce((sum, weight) => sum + weight, 0);
  const actual: Actual = { klDivergence: klDivergence(p, y, totalWeight) };
  for (const exaggeration of Parameters.parse(parameters).exaggerations) {
    // The vectors have the factor 4 that openTSNE, and so `descend`, leaves out.
    const gradient = attraction.map((force, c) => 4 * (exaggeration * force - repulsion[c] / totalWeight));
    actual[`gradient${exaggeration}`] = ndarray(gradient, [n, 2]);
  }
  return actual;
};

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
