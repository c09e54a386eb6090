// The training loop: stages, epochs, batches (paper, section 3.1; the authors' tsimcne.py and train.py).
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Random } from '../numeric/random.ts';
import { learningRateSchedule } from './learning-rate-schedule.ts';
import { ContrastiveNetwork } from './networks/contrastive-network.ts';
import { drawnLastLayer, lastLayerName } from './networks/projection-head.ts';
import { drawnWeights, storedWeights } from './networks/weight.ts';
import { Sgd } from './sgd.ts';
import { tf } from './tensorflow/backend.ts';
import { precisionHere, toPrecision } from './tensorflow/precision.ts';
import type { TrainingSettings, TrainingStage } from './training-settings.ts';
import type { TrainingPosition, TrainingState } from './training-state.ts';
import { contrastiveLoss, trainingStep } from './training-step.ts';
import type { ViewSource } from './views/view-source.ts';
import type { NamedTensors } from './weights/named-tensors.ts';

export interface TrainingProgress {
  stage: string;
  /** Epochs done and in all, over all stages. */
  epoch: number;
  epochs: number;
  loss: number;
  learningRate: number;
  /** Images (each with two views) per second, in the epoch just done. */
  samplesPerSecond: number;
  secondsLeft: number;
}

export interface TrainingInput {
  imageSize: number;
  imageCount: number;
  views: ViewSource;
  settings: TrainingSettings;
}

export interface TrainingHooks {
  onEpoch?: (progress: TrainingProgress) => void | Promise<void>;
  resumeFrom?: TrainingState;
  /** Called between any two batches; reading the state costs time, so it is read only when `state` is called. */
  onState?: (state: () => TrainingState, at: TrainingPosition) => void | Promise<void>;
  /** Called with the last state when the signal ends the run, before its reason is thrown. */
  onAbort?: (state: () => TrainingState) => void | Promise<void>;
  signal?: AbortSignal;
}

export interface TrainingResult {
  weights: NamedTensors;
  /** Mean loss of every epoch, over its images. */
  losses: number[];
  learningRates: number[];
}

/** Thrown where the loss is NaN or infinite: the run is lost, and trying again would end the same. */
export class NonFiniteLoss extends Error {
  override name = 'NonFiniteLoss';

  constructor(loss: number, stage: string, epoch: number, step: number, learningRate: number) {
    super(
      `training: loss ${loss} in stage ${stage}, epoch ${epoch}, step ${step}, at learning rate ${learningRate}; a lower learningRate may help`,
    );
  }
}

/**
 * Trains a network through all stages. Each stage begins with a new optimiser, and with a new last layer where its output dimension
 * differs from the one before. The same input gives bit-identical weights on the same backend and machine.
 */
export async function train(input: TrainingInput, hooks: TrainingHooks = {}): Promise<TrainingResult> {
  const { settings } = input;
  const { resumeFrom } = hooks;
  const random = new Random(settings.seed).fork('network');
  const network = openNetwork(settings, random, resumeFrom);
  const history = {
    losses: [...(resumeFrom?.losses ?? [])],
    learningRates: [...(resumeFrom?.learningRates ?? [])],
  };
  const { epoch, batch, begun } = resumeFrom ?? { epoch: 0, batch: 0, begun: nothingBegun };
  const clock = new Clock(settings.stages, epoch);
  let firstEpoch = 0;
  for (const stage of settings.stages) {
    const done = Math.min(stage.epochs, Math.max(0, epoch - firstEpoch));
    if (done < stage.epochs) {
      if (network.outputDimension !== stage.outputDimension) {
        network.replaceLastLayer(stage.outputDimension, drawnLastLayer(random, stage.name));
      }
      const isInside = firstEpoch + done === epoch && (done > 0 || batch > 0);
      const buffers = isInside ? resumeFrom?.momentum : undefined;
      const optimiser = new Sgd(network.parameters(stage.train), settings, buffers);
      const start = isInside ? { batch, ...begun } : { batch: 0, ...nothingBegun };
      const run = { network, optimiser, history, clock, stage, firstEpoch, done, start };
      await trainStage(run, input, hooks);
      optimiser.dispose();
    }
    firstEpoch += stage.epochs;
  }
  const weights = network.toNamedTensors();
  network.dispose();
  return { weights, ...history };
}

function openNetwork(
  settings: TrainingSettings,
  random: Random,
  state: TrainingState | undefined,
): ContrastiveNetwork {
  const outputDimension = state?.weights.get(lastLayerName)?.shape[0] ?? settings.stages[0].outputDimension;
  const source = state ? storedWeights(state.weights) : drawnWeights(random);
  return new ContrastiveNetwork(settings.network, outputDimension, source);
}

const nothingBegun = { images: 0, lossSum: 0 };

/** Where an epoch begins, or is gone on with. */
interface EpochStart {
  batch: number;
  images: number;
  lossSum: number;
}

interface StageRun {
  network: ContrastiveNetwork;
  optimiser: Sgd;
  history: { losses: number[]; learningRates: number[] };
  clock: Clock;
  stage: TrainingStage;
  /** Of this stage, counted over all stages. */
  firstEpoch: number;
  /** Epochs of this stage that were trained before. */
  done: number;
  /** Of the first epoch that is not done. */
  start: EpochStart;
}

async function trainStage(run: StageRun, input: TrainingInput, hooks: TrainingHooks): Promise<void> {
  const { history, clock, stage, firstEpoch, done } = run;
  const peak = input.settings.learningRate * stage.learningRateFactor;
  const rates = learningRateSchedule(peak, stage.epochs, stage.warmUpEpochs);
  for (let ofStage = done; ofStage < stage.epochs; ofStage++) {
    const epoch = firstEpoch + ofStage;
    const learningRate = rates[ofStage];
    const start = ofStage === done ? run.start : { batch: 0, ...nothingBegun };
    clock.start();
    const { lossSum, images } = await trainEpoch(run, input, { epoch, learningRate, start }, hooks);
    history.losses.push(lossSum / images);
    history.learningRates.push(learningRate);
    await hooks.onEpoch?.({
      stage: stage.name,
      epoch: epoch + 1,
      epochs: clock.epochs,
      loss: lossSum / images,
      learningRate,
      ...clock.stop(stage, images - start.images),
    });
    const at = { epoch: epoch + 1, batch: 0 };
    await hooks.onState?.(() => stateOf(run, at.epoch, { batch: 0, ...nothingBegun }), at);
  }
}

/** One pass over all images, or the rest of one; gives the sum of their losses, and their number. */
async function trainEpoch(
  run: StageRun,
  { imageSize, views, settings }: TrainingInput,
  { epoch, learningRate, start }: { epoch: number; learningRate: number; start: EpochStart },
  { signal, onState, onAbort }: TrainingHooks,
): Promise<{ lossSum: number; images: number }> {
  const { network, optimiser, stage } = run;
  const precision = precisionHere(settings.precision);
  const parts = { network, optimiser, loss: contrastiveLoss(settings) };
  let { batch, images, lossSum } = start;
  const state = () => stateOf(run, epoch, { batch, images, lossSum });
  for await (const { n, views: levels } of views.epoch(epoch, start.batch)) {
    await nextTurn(); // messages come in: views from their threads, cancellation
    if (signal?.aborted) {
      await onAbort?.(state);
      throw signal.reason;
    }
    if (batch > start.batch) await onState?.(state, { epoch, batch });
    const loss = tf.tidy(() => {
      const fractions = tf.tensor4d(levels, [2 * n, imageSize, imageSize, 3]);
      return trainingStep(parts, toPrecision(fractions, precision), learningRate, stage.train);
    });
    if (!Number.isFinite(loss)) throw new NonFiniteLoss(loss, stage.name, epoch, batch, learningRate);
    lossSum += loss * n;
    images += n;
    batch++;
  }
  return { lossSum, images };
}

function stateOf(
  { network, optimiser, history }: StageRun,
  epoch: number,
  { batch, ...begun }: EpochStart,
): TrainingState {
  return {
    epoch,
    batch,
    begun,
    weights: network.toNamedTensors(),
    momentum: optimiser.buffers(),
    losses: [...history.losses],
    learningRates: [...history.learningRates],
  };
}

/** Measures epochs, and forecasts the rest from them. */
class Clock {
  readonly epochs: number;
  #costLeft: number;
  #costDone = 0;
  #seconds = 0;
  #startedMs = 0;

  constructor(stages: readonly TrainingStage[], epochsDone: number) {
    const costs = stages.flatMap(stage => Array.from({ length: stage.epochs }, () => epochCost(stage)));
    this.epochs = costs.length;
    this.#costLeft = costs.slice(epochsDone).reduce((sum, cost) => sum + cost, 0);
  }

  start(): void {
    this.#startedMs = performance.now();
  }

  stop(stage: TrainingStage, images: number): { samplesPerSecond: number; secondsLeft: number } {
    const seconds = (performance.now() - this.#startedMs) / 1000;
    this.#seconds += seconds;
    this.#costDone += epochCost(stage);
    this.#costLeft -= epochCost(stage);
    return {
      samplesPerSecond: images / seconds,
      secondsLeft: (Math.max(0, this.#costLeft) * this.#seconds) / this.#costDone,
    };
  }
}

/** Where only the last layer is trained, there is no backward pass, which takes about two thirds of the time. */
function epochCost({ train }: TrainingStage): number {
  return train === 'all' ? 1 : 1 / 3;
}
