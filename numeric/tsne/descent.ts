// One step downhill: momentum, a gain for each coordinate, and a bound on each point's step
// (openTSNE/tsne.py, gradient_descent).
import type { TsneSettings } from './settings.ts';

/** What the optimiser keeps from step to step, each `[n, 2]`. */
export interface DescentState {
  readonly y: Float64Array;
  readonly update: Float64Array;
  readonly gains: Float64Array;
}

/**
 * Moves the points from … to − 1 along the negative gradient exaggeration · attraction − repulsion /
 * totalWeight. openTSNE leaves out the gradient's factor 4: its learning rates belong to that convention.
 */
export function descend(
  { y, update, gains }: DescentState,
  attraction: Float64Array,
  repulsion: Float64Array,
  totalWeight: number,
  { exaggeration, learningRate }: { exaggeration: number; learningRate: number },
  { momentum, gainIncrease, gainDecay, minimalGain, maxStepNorm }: TsneSettings,
  from: number,
  to: number,
): void {
  for (let i = 2 * from; i < 2 * to; i += 2) {
    for (let c = i; c < i + 2; c++) {
      const gradient = exaggeration * attraction[c] - repulsion[c] / totalWeight;
      const disagrees = Math.sign(gradient) !== Math.sign(update[c]);
      gains[c] = disagrees ? gains[c] + gainIncrease : gains[c] * gainDecay + minimalGain;
      update[c] = momentum * update[c] - learningRate * gains[c] * gradient;
    }
    const norm = Math.sqrt(update[i] * update[i] + update[i + 1] * update[i + 1]);
    if (norm > maxStepNorm) {
      update[i] *= maxStepNorm / norm;
      update[i + 1] *= maxStepNorm / norm;
    }
    y[i] += update[i];
    y[i + 1] += update[i + 1];
  }
}
