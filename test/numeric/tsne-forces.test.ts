// The forces of t-SNE: attraction and repulsion are the gradient of the divergence, and the grid gives what the pairs give.
import { expect, test } from 'vitest';
import { Random } from '../../numeric/random.ts';
import { sharedArray, Team, type TeamOptions } from '../../numeric/threads/thread-team.ts';
import { affinities, effectivePerplexity, type SparseMatrix } from '../../numeric/tsne/affinities.ts';
import { attract } from '../../numeric/tsne/attraction.ts';
import { descend } from '../../numeric/tsne/descent.ts';
import { klDivergence } from '../../numeric/tsne/kl-divergence.ts';
import { repelExactly } from '../../numeric/tsne/repulsion/exact-repulsion.ts';
import { GridRepulsion, gridBuffers } from '../../numeric/tsne/repulsion/grid-repulsion.ts';
import { splineOrder, splinesAt, splineTransform } from '../../numeric/tsne/repulsion/splines.ts';
import { defaultTsneSettings } from '../../numeric/tsne/settings.ts';

const positions = (n: number, scale: number) => {
  const random = new Random(n);
  return Float64Array.from({ length: 2 * n }, () => scale * random.normal());
};
const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);

/** Neighbours of points on a line, 0 … n − 1, k to the right of each (around the end). */
function ring(n: number, k: number, options: TeamOptions = {}): Promise<SparseMatrix> {
  const indices = Int32Array.from({ length: n * k }, (_, e) => (Math.floor(e / k) + 1 + (e % k)) % n);
  const squaredDistances = Float64Array.from(
    { length: n * k },
    (_, e) => (1 + (e % k)) ** 2 * (1 + Math.floor(e / k)),
  );
  return affinities({ indices, squaredDistances }, n, k / 3, options);
}

test.each([40, 4_100])(
  'P of %i points is symmetric, has sum 1, and each point’s part of it the wanted entropy',
  async n => {
    const { rowStarts, columns, values } = await ring(n, 9);
    const dense = new Map<number, number>();
    for (let i = 0; i < n; i++) {
      for (let e = rowStarts[i]; e < rowStarts[i + 1]; e++) dense.set(i * n + columns[e], values[e]);
    }
    expect(sum(values)).toBeCloseTo(1, 12);
    const mirrored = [...dense].map(([place]) => dense.get((place % n) * n + Math.floor(place / n)));
    expect(mirrored).toEqual([...dense.values()]);
    for (let i = 0; i < n; i++) {
      let entropy = 0;
      for (let k = 1; k <= 9; k++) {
        const p = 2 * n * dense.get(i * n + ((i + k) % n))!; // its neighbours on the left have only their own half
        entropy -= p * Math.log(p);
      }
      expect(entropy).toBeCloseTo(Math.log(3), 6);
    }
  },
);

test('P does not depend on the number of threads', async () => {
  expect(await ring(4_100, 9, { threads: 3 })).toEqual(await ring(4_100, 9, { threads: 1 }));
});

test('equal distances share alike, and perplexity gives way to too few points', async () => {
  const indices = Int32Array.of(1, 2, 3, 0, 2, 3, 0, 1, 3, 0, 1, 2);
  const { values } = await affinities({ indices, squaredDistances: new Float64Array(12).fill(5) }, 4, 1);
  for (const value of values) expect(value).toBeCloseTo(1 / 12, 12);
  expect(effectivePerplexity(30, 1000)).toEqual({ perplexity: 30, neighbours: 90 });
  expect(effectivePerplexity(30, 73)).toEqual({ perplexity: 24, neighbours: 72 });
});

test('4 (attraction − repulsion / Z) is the gradient of the divergence', async () => {
  const [n, p] = [30, await ring(30, 9)];
  const y = positions(n, 3);
  const [attraction, repulsion] = [new Float64Array(2 * n), new Float64Array(2 * n)];
  const divergence = () => {
    const weights = new Float64Array(n);
    repelExactly(y, repulsion, weights, 0, n);
    return klDivergence(p, y, sum(weights));
  };
  for (let c = 0; c < 2 * n; c++) {
    const step = 1e-5;
    y[c] += step;
    const above = divergence();
    y[c] -= 2 * step;
    const below = divergence();
    y[c] += step;
    const weights = new Float64Array(n);
    attract(p, y, attraction, 0, n);
    repelExactly(y, repulsion, weights, 0, n);
    expect(4 * (attraction[c] - repulsion[c] / sum(weights))).toBeCloseTo((above - below) / (2 * step), 8);
  }
});

test.each([
  [1e-4, 1e-5],
  [0.1, 1e-6],
  [5, 2e-3],
  [40, 0.02],
])('repulsion through the grid at scale %f is that of all pairs to %f', (scale, tolerance) => {
  const n = 1500;
  const y = positions(n, scale);
  const exact = { repulsion: new Float64Array(2 * n), weights: new Float64Array(n) };
  const grid = { repulsion: new Float64Array(2 * n), weights: new Float64Array(n) };
  repelExactly(y, exact.repulsion, exact.weights, 0, n);
  const team = new Team({ control: sharedArray(Int32Array, 3), rank: 0, size: 1 });
  new GridRepulsion(gridBuffers(), team).evaluate(y, grid.repulsion, grid.weights);
  const norm = (values: Float64Array) => Math.sqrt(values.reduce((total, value) => total + value * value, 0));
  const difference = exact.repulsion.map((force, c) => force - grid.repulsion[c]);
  expect(norm(difference) / norm(exact.repulsion)).toBeLessThan(tolerance);
  expect(Math.abs(sum(grid.weights) / sum(exact.weights) - 1)).toBeLessThan(tolerance / 2);
});

test('splines add up to 1, their slopes are their derivatives, and their transform is that of their values at nodes', () => {
  const [values, slopes] = [new Float64Array(splineOrder), new Float64Array(splineOrder)];
  const at = (place: number) => {
    splinesAt(place, values, slopes);
    return values.slice();
  };
  for (const place of [3, 3.2, 7.5, 9.999]) {
    expect(sum(at(place))).toBeCloseTo(1, 14);
    const exact = slopes.slice();
    const [above, below] = [at(place + 1e-6), at(place + 1e-7)];
    exact.forEach((slope, k) => {
      expect((above[k] - below[k]) / 9e-7).toBeCloseTo(slope, 5);
    });
  }
  const nodes = at(4);
  for (const frequency of [0, 1, 5]) {
    const transform = nodes.reduce(
      (total, value, k) => total + value * Math.cos((2 * Math.PI * frequency * (k - 2)) / 11),
      0,
    );
    expect(splineTransform(frequency, 11)).toBeCloseTo(transform, 14);
  }
});

test('a step follows momentum, gain, and the bound on its length', () => {
  const state = {
    y: Float64Array.of(0, 0, 0, 0),
    update: Float64Array.of(1, 1, 0, 0),
    gains: new Float64Array(4).fill(1),
  };
  const attraction = Float64Array.of(0.5, -0.5, 30, 40);
  const rates = { exaggeration: 2, learningRate: 0.5 };
  descend(state, attraction, Float64Array.of(0.4, 0, 0, 0), 2, rates, defaultTsneSettings, 0, 2);
  // gradient 2 · 0.5 − 0.4 / 2 = 0.8 agrees in sign with the last step: gain 0.81; −1 does not: 1.2
  expect([...state.gains]).toEqual([0.81, 1.2, 1.2, 1.2].map(gain => expect.closeTo(gain, 12)));
  expect(state.update[0]).toBeCloseTo(0.8 - 0.5 * 0.81 * 0.8, 12);
  expect(state.update[1]).toBeCloseTo(0.8 + 0.5 * 1.2, 12);
  expect([state.y[2], state.y[3]]).toEqual([expect.closeTo(-3, 12), expect.closeTo(-4, 12)]);
});
