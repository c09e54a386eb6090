// Times training as experiments do it: augmentation, forward, backward, update.
import { availableParallelism } from 'node:os';
import { trainingOf } from '../../experiments/paper-training.ts';
import { backendName } from '../../learning/tensorflow/backend.ts';
import type { Precision } from '../../learning/tensorflow/precision.ts';
import { train } from '../../learning/training.ts';
import type { TrainingSettings } from '../../learning/training-settings.ts';
import { openViews } from '../../learning/views/view-source.ts';
import { median } from '../../numeric/median.ts';
import { fill, noiseImages } from './bench-data.ts';

export interface TrainBench {
  width: number;
  batch: number;
  n: number;
  imageSize: number;
  stem: TrainingSettings['network']['stem'];
  precision: Precision;
  /** Epochs that are timed, after a first that is not. */
  epochs: number;
}

/** Images per second (two views each), the median of the epochs; and the most memory that the process has held so far. */
export async function benchTrain({ width, batch, n, imageSize, stem, precision, epochs }: TrainBench) {
  const stages = { tsimcne: [1, 1, 1] as [number, number, number], simclr: epochs + 1, warmUp: 0 };
  const settings: TrainingSettings = {
    ...trainingOf({ stem, width }, batch, stages)['simclr-tsne'],
    loss: 'cauchy',
    precision,
    seed: 0,
  };
  const views = openViews({
    images: noiseImages(n, imageSize),
    set: 'rot90',
    fill,
    batchSize: batch,
    seed: 0,
    threads: availableParallelism(),
  });
  const rates: number[] = [];
  try {
    const onEpoch = ({ samplesPerSecond }: { samplesPerSecond: number }) => void rates.push(samplesPerSecond);
    await train({ imageSize, imageCount: n, views, settings }, { onEpoch });
  } finally {
    await views.close();
  }
  return {
    samplesPerSecond: median(rates.slice(1)) ?? 0,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    width,
    batch,
    n,
    precision,
    backend: backendName,
  };
}
