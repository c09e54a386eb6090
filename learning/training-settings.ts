// What a training run is told: plain data, the same in experiments and in recipes of artifacts.
import type { StemKind } from './networks/stem.ts';
import type { Precision } from './tensorflow/precision.ts';

export interface TrainingSettings {
  loss: 'cauchy' | 'cosine';
  /** Of the cosine similarity; the Cauchy loss has none. */
  temperature: number;
  /** ResNet18 with `width` channels in its first layer (64 in the paper); the head is 8w → 16w → the stage's output dimension. */
  network: { stem: StemKind; width: number };
  /** Of what flows through the backbone; weights, head, loss and optimiser have float32, which is also what is meant where nothing is said. */
  precision?: Precision;
  /** Images; a batch holds twice as many views. */
  batchSize: number;
  /** The peak of the schedule, 0.03 · batch / 256 in the paper. */
  learningRate: number;
  momentum: number;
  weightDecay: number;
  stages: readonly TrainingStage[];
  seed: number;
}

export interface TrainingStage {
  name: string;
  epochs: number;
  warmUpEpochs: number;
  /** Multiplies the peak. */
  learningRateFactor: number;
  train: 'all' | 'last-layer';
  outputDimension: number;
}
