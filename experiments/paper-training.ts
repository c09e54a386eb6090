// How the paper trains, each number with its source: [P] printed, [C] the authors' code (berenslab/medical-t-simcne). What
// experiments start from and scale down.
import type { TrainingTemplate } from './experiment.ts';

/** The learning rate that the authors' code takes for a batch size (`optimizers.lr_from_batchsize`). */
export function learningRateFor(batchSize: number): number {
  return (0.03 * batchSize) / 256;
}

/** Epochs of t-SimCNE's three stages and of SimCLR, of warm-ups, and from one snapshot to the next (none by default). */
export interface Epochs {
  tsimcne: [first: number, second: number, third: number];
  simclr: number;
  warmUp: number;
  snapshotEvery?: number;
}

/** [P] 1000 epochs, then 500, which [C] divides into 50 of the last layer and 450 of all; warm-ups of 10, 0 and 10 [C]. */
export const paperEpochs: Epochs = { tsimcne: [1000, 50, 450], simclr: 1000, warmUp: 10 };

type Network = TrainingTemplate['network'];

/**
 * Training settings of both trained methods. Width 64 gives the paper's network: 512 features, a head of
 * 1024 hidden units and 128 outputs (`models/simclr_like.py`).
 */
export function trainingOf(
  network: Network,
  batchSize: number,
  epochs: Epochs = paperEpochs,
): { 't-simcne': TrainingTemplate; 'simclr-tsne': TrainingTemplate } {
  const shared = {
    network,
    batchSize,
    temperature: 0.5, // [P] equation 1
    learningRate: learningRateFor(batchSize), // [C] of stages 1 and 2; a thousandth of it in stage 3
    momentum: 0.9, // [C] optimizers.py
    weightDecay: 5e-4, // [C] optimizers.py, for all parameters
    ...(epochs.snapshotEvery !== undefined && { snapshotEvery: epochs.snapshotEvery }),
  };
  const outputDimension = 2 * network.width; // [P] 128; [C] t-SimCNE's first stage already has the Cauchy loss on it
  const [first, second, third] = epochs.tsimcne;
  const { warmUp } = epochs;
  return {
    't-simcne': {
      ...shared,
      stages: [
        stage('high-dimensional', first, warmUp, 1, 'all', outputDimension),
        stage('last layer', second, 0, 1, 'last-layer', 2),
        stage('two-dimensional', third, warmUp, 1 / 1000, 'all', 2),
      ],
    },
    'simclr-tsne': {
      ...shared,
      stages: [stage('contrastive', epochs.simclr, warmUp, 1, 'all', outputDimension)],
    },
  };
}

function stage(
  name: string,
  epochs: number,
  warmUpEpochs: number,
  learningRateFactor: number,
  train: 'all' | 'last-layer',
  outputDimension: number,
) {
  return { name, epochs, warmUpEpochs, learningRateFactor, train, outputDimension };
}
