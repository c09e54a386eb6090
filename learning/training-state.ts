// All that a run of training needs in order to go on after an interruption, and its bytes.
import type { NamedTensors } from './named-tensors.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';

/**
 * The state after `epoch` whole epochs, counted over all stages. There is no generator state: streams are forked by name and epoch.
 * A run that goes on from here ends bit-identical to one that was never interrupted, on the same backend and machine.
 */
export interface TrainingState {
  epoch: number;
  weights: NamedTensors;
  /** The optimiser's buffers, by the parameters' names: of the stage that the last epoch belonged to. */
  momentum: NamedTensors;
  /** Mean loss and learning rate of every epoch so far. */
  losses: readonly number[];
  learningRates: readonly number[];
}

const format = 'simcne training state 1';

/** A safetensors file: `weights.…` and `momentum.…`, the rest as metadata. */
export function encodeTrainingState(state: TrainingState): Uint8Array {
  const { epoch, weights, momentum, losses, learningRates } = state;
  const tensors = new Map([...prefixed('weights.', weights), ...prefixed('momentum.', momentum)]);
  return encodeSafetensors(tensors, { format, progress: JSON.stringify({ epoch, losses, learningRates }) });
}

/** The inverse of `encodeTrainingState`; refuses other files. */
export function decodeTrainingState(bytes: Uint8Array): TrainingState {
  const { tensors, metadata } = decodeSafetensors(bytes);
  if (metadata.format !== format) {
    throw new Error(
      `training state: format ${JSON.stringify(metadata.format)}, expected "${format}"; start afresh`,
    );
  }
  const { epoch, losses, learningRates } = JSON.parse(metadata.progress);
  return {
    epoch,
    losses,
    learningRates,
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
