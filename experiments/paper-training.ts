// How the paper trains (section 3.2 and the authors' code): what experiments start from and scale down.
import type { TrainingTemplate } from './experiment.ts';

/** The learning rate that the authors' code takes for a batch size (`optimizers.lr_from_batchsize`). */
export function learningRateFor(batchSize: number): number {
  return (0.03 * batchSize) / 256;
}

/** Epochs of t-SimCNE's three stages and of SimCLR; the paper's by default. */
export interface Epochs {
  tsimcne: [first: number, second: number, third: number];
  simclr: number;
  warmUp: number;
}

/** The paper's: 1000 epochs, then 500, which the code divides into 50 and 450. */
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
    temperature: 0.5, // equation 1
    learningRate: learningRateFor(batchSize),
    momentum: 0.9,
    weightDecay: 5e-4,
  };
  const outputDimension = 2 * network.width;
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
