// A thread of tsne.ts: gradient descent on the embedding, in two phases, and the divergence that is left.
import { parentPort, workerData } from 'node:worker_threads';
import { type Membership, Team } from '../threads/thread-team.ts';
import type { SparseMatrix } from './affinities.ts';
import { type DescentState, descend } from './descent.ts';
import { type ForceBuffers, Forces, rangeSize } from './forces.ts';
import { klDivergence } from './kl-divergence.ts';
import type { TsneSettings } from './settings.ts';

export interface OptimisationTask {
  readonly membership: Membership;
  readonly p: SparseMatrix;
  readonly state: DescentState;
  readonly forces: ForceBuffers;
  readonly settings: TsneSettings;
  /** `[1]`: the result */
  readonly divergence: Float64Array;
}

const progressEvery = 10; // iterations

const { membership, p, state, forces: buffers, settings, divergence }: OptimisationTask = workerData;
const { y } = state;
const n = y.length / 2;
const team = new Team(membership);
const forces = new Forces(p, buffers, team);

optimise('early exaggeration', settings.earlyExaggerationIterations, settings.earlyExaggeration);
optimise('optimisation', settings.iterations, 1);
const totalWeight = forces.evaluate(y);
if (team.rank === 0) divergence[0] = klDivergence(p, y, totalWeight);

function optimise(phase: string, iterations: number, exaggeration: number): void {
  const learningRate = settings.learningRate === 'auto' ? n / exaggeration : settings.learningRate;
  for (let iteration = 1; iteration <= iterations; iteration++) {
    step(exaggeration, learningRate);
    if (team.rank === 0 && (iteration % progressEvery === 0 || iteration === iterations)) {
      parentPort?.postMessage({ phase, iteration, iterations });
    }
  }
}

function step(exaggeration: number, learningRate: number): void {
  const totalWeight = forces.evaluate(y);
  if (!Number.isFinite(totalWeight)) {
    throw new Error(`t-SNE: the embedding diverged; the learning rate ${learningRate} is too high`);
  }
  const rates = { exaggeration, learningRate };
  team.shareRanges(n, rangeSize, (from, to) => {
    descend(state, buffers.attraction, buffers.repulsion, totalWeight, rates, settings, from, to);
  });
  const [mean0, mean1] = centreOf(y);
  team.meet();
  team.shareRanges(n, rangeSize, (from, to) => {
    for (let i = from; i < to; i++) {
      y[2 * i] -= mean0;
      y[2 * i + 1] -= mean1;
    }
  });
}

function centreOf(points: Float64Array): [number, number] {
  let [sum0, sum1] = [0, 0];
  for (let i = 0; i < points.length; i += 2) {
    sum0 += points[i];
    sum1 += points[i + 1];
  }
  return [sum0 / n, sum1 / n];
}
