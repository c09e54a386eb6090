// All that a run of training needs in order to go on after an interruption, and its bytes.
import type { NamedTensors } from './weights/named-tensors.ts';
import { decodeSafetensors, encodeSafetensors } from './weights/safetensors.ts';

/** Whole epochs done, over all stages, and batches of the next one. */
export interface TrainingPosition {
  epoch: number;
  batch: number;
}

/**
 * The state of a training between two batches. Its position is the
 * generators' position too: streams are forked by name and epoch, and give each image its draws whatever came before.
 * A run that goes on from here ends bit-identical to one that was never interrupted, on the same backend and machine.
 */
export interface TrainingState extends TrainingPosition {
  /** Of the begun epoch so far: its images, and the sum of their losses. */
  begun: { images: number; lossSum: number };
  weights: NamedTensors;
  /** The optimiser's buffers, by the parameters' names: of the stage that the last batch belonged to. */
  momentum: NamedTensors;
  /** Mean loss and learning rate of every whole epoch so far. */
  losses: readonly number[];
  learningRates: readonly number[];
}

const format = 'simcne training state 2';
const wholeEpochsFormat = 'simcne training state 1'; // written before checkpoints could stand within an epoch

/** A safetensors file: `weights.…` and `momentum.…`, the rest as metadata. */
export function encodeTrainingState(state: TrainingState): Uint8Array {
  const { weights, momentum, ...progress } = state;
  const tensors = new Map([...prefixed('weights.', weights), ...prefixed('momentum.', momentum)]);
  return encodeSafetensors(tensors, { format, progress: JSON.stringify(progress) });
}

/** The inverse of `encodeTrainingState`; refuses other files. */
export function decodeTrainingState(bytes: Uint8Array): TrainingState {
  const { tensors, metadata } = decodeSafetensors(bytes);
  if (metadata.format !== format && metadata.format !== wholeEpochsFormat) {
    throw new Error(
      `training state: format ${JSON.stringify(metadata.format)}, expected "${format}"; start afresh`,
    );
  }
  return {
    batch: 0,
    begun: { images: 0, lossSum: 0 },
    ...JSON.parse(metadata.progress),
    weights: unprefixed('weights.', tensors),
    momentum: unprefixed('momentum.', tensors),
  };
}

function prefixed(prefix: string, tensors: NamedTensors) {
  return Array.from(tensors, ([name, tensor]) => [prefix + name, tensor] as const);
}

function unprefixed(prefix: string, tensors: NamedTensors): NamedTensors {
  const own = Array.from(tensors).filter(([name]) => name.startsWith(prefix));
  return new Map(own.map(([name, tensor]) => [name.slice(prefix.length), tensor] as const));
}
