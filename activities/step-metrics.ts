// Metrics of the steps, beside those that the Temporal SDK keeps of queues and slots: it exports both (infra/workers/metrics.ts).
import type { MetricMeter } from '@temporalio/common';
import type { CheckpointEvent } from './checkpoints.ts';
import type { StepProgress } from './step-work.ts';

/** Numbers of a step's progress that are shown as gauges: the step's name of it → the metric's name, unit and meaning. */
const gauges = {
  samplesPerSecond: ['simcne_samples_per_second', '1/s', 'Images trained with a second, in the last epoch'],
  loss: ['simcne_loss', '1', 'Mean loss of the last epoch'],
  learningRate: ['simcne_learning_rate', '1', 'Learning rate of the last epoch'],
  epoch: ['simcne_epoch', '1', 'Epochs done, over all stages'],
  peakMemoryBytes: ['simcne_peak_memory_bytes', 'By', 'Largest resident set of the process of the step'],
} as const;

export interface StepMetrics {
  progress(progress: StepProgress): void;
  checkpoint(event: CheckpointEvent): void;
  /** The step was asked for: its artifact was found (`hit`), or how the attempt at it ended. */
  ended(outcome: string): void;
}

/** The metrics of one attempt; the meter's tags tell it from others. */
export function openStepMetrics(meter: MetricMeter): StepMetrics {
  const shown = Object.entries(gauges).map(([number, [name, unit, meaning]]) => ({
    number,
    gauge: meter.createGauge(name, 'float', unit, meaning),
  }));
  const seconds = meter.createHistogram('simcne_checkpoint', 'float', 'seconds', 'Writing a checkpoint');
  const bytes = meter.createGauge('simcne_checkpoint_bytes', 'int', 'By', 'Size of the last checkpoint');
  const steps = meter.createCounter('simcne_steps', '1', 'Steps asked for, by what became of them');
  let isTraining = false;
  return {
    progress({ numbers = {} }) {
      for (const { number, gauge } of shown) {
        if (numbers[number] !== undefined) gauge.set(numbers[number]);
      }
      isTraining ||= numbers.samplesPerSecond !== undefined;
    },
    checkpoint(event) {
      if (!('wrote' in event)) return;
      seconds.record(event.seconds);
      bytes.set(event.bytes);
    },
    ended(outcome) {
      steps.add(1, { outcome });
      if (isTraining) shown.find(({ number }) => number === 'samplesPerSecond')?.gauge.set(0); // a gauge keeps its last value
    },
  };
}
