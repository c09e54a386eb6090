// The training loop: stages, epochs, batches (paper, section 3.1; the authors' tsimcne.py and train.py).
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Random } from '../numeric/random.ts';
import { tf } from './backend.ts';
import { learningRateSchedule } from './learning-rate-schedule.ts';
import type { NamedTensors } from './named-tensors.ts';
import { ContrastiveNetwork } from './networks/contrastive-network.ts';
import { drawnLastLayer, lastLayerName } from './networks/projection-head.ts';
import { drawnWeights, storedWeights } from './networks/weight.ts';
import { Sgd } from './sgd.ts';
import type { TrainingSettings, TrainingStage } from './training-settings.ts';
import type { TrainingState } from './training-state.ts';
import { contrastiveLoss, trainingStep } from './training-step.ts';
import type { ViewSource } from './views/view-source.ts';

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
  /** Called after every epoch; reading the state costs time, so it is read only when `state` is called. */
  onState?: (state: () => TrainingState, epoch: number) => void | Promise<void>;
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
  const clock = new Clock(settings.stages, resumeFrom?.epoch ?? 0);
  let firstEpoch = 0;
  for (const stage of settings.stages) {
    const done = Math.min(stage.epochs, Math.max(0, (resumeFrom?.epoch ?? 0) - firstEpoch));
    if (done < stage.epochs) {
      if (network.outputDimension !== stage.outputDimension) {
        network.replaceLastLayer(stage.outputDimension, drawnLastLayer(random, stage.name));
      }
      const buffers = done > 0 ? resumeFrom?.momentum : undefined;
      const optimiser = new Sgd(network.parameters(stage.train), settings, buffers);
      const run = { network, optimiser, history, clock, stage, firstEpoch, done };
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
}

async function trainStage(run: StageRun, input: TrainingInput, hooks: TrainingHooks): Promise<void> {
  const { network, optimiser, history, clock, stage, firstEpoch } = run;
  const peak = input.settings.learningRate * stage.learningRateFactor;
  const rates = learningRateSchedule(peak, stage.epochs, stage.warmUpEpochs);
  for (let ofStage = run.done; ofStage < stage.epochs; ofStage++) {
    const epoch = firstEpoch + ofStage;
    const learningRate = rates[ofStage];
    clock.start();
    const { loss, images } = await trainEpoch(run, input, epoch, learningRate, hooks.signal);
    history.losses.push(loss);
    history.learningRates.push(learningRate);
    const timing = clock.stop(stage, images);
    await hooks.onEpoch?.({
      stage: stage.name,
      epoch: epoch + 1,
      epochs: clock.epochs,
      loss,
      learningRate,
      ...timing,
    });
    const state = () => ({
      epoch: epoch + 1,
      weights: network.toNamedTensors(),
      momentum: optimiser.buffers(),
      losses: [...history.losses],
      learningRates: [...history.learningRates],
    });
    await hooks.onState?.(state, epoch + 1);
  }
}

/** One pass over all images; gives the mean loss over them, and their number. */
async function trainEpoch(
  { network, optimiser, stage }: StageRun,
  { imageSize, views, settings }: TrainingInput,
  epoch: number,
  learningRate: number,
  signal: AbortSignal | undefined,
): Promise<{ loss: number; images: number }> {
  const parts = { network, optimiser, loss: contrastiveLoss(settings) };
  let [sum, images, step] = [0, 0, 0];
  for await (const batch of views.epoch(epoch)) {
    await nextTurn(); // messages come in: views from their threads, cancellation
    signal?.throwIfAborted();
    const tensor = tf.tensor4d(batch.views, [2 * batch.n, imageSize, imageSize, 3]);
    const loss = trainingStep(parts, tensor, learningRate, stage.train);
    tensor.dispose();
    if (!Number.isFinite(loss)) throw new NonFiniteLoss(loss, stage.name, epoch, step, learningRate);
    sum += loss * batch.n;
    images += batch.n;
    step++;
  }
  return { loss: sum / images, images };
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
