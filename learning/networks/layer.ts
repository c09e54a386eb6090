// What all parts of a network have in common: an explicit forward and backward pass, and who owns which tensor.
import { type Tensor, tf } from '../tensorflow/backend.ts';
import type { Weight } from './weight.ts';

/**
 * `train`: normalise by the batch, move running statistics, keep what `backward` needs. `frozen`: the same, but keep nothing (no
 * backward pass follows). `evaluate`: normalise by the running statistics.
 */
export type Mode = 'train' | 'frozen' | 'evaluate';

/**
 * A differentiable part of a network. The input stays its giver's and must live until `backward`. In mode `train` the output stays
 * the layer's, which disposes of it in `backward`; otherwise it is the caller's.
 */
export interface Layer {
  forward(x: Tensor, mode: Mode): Tensor;

  /** From the gradient by the output to that by the input (the caller's); sets the weights' gradients on the way. */
  backward(dy: Tensor): Tensor;

  /** All tensors in the order of PyTorch's state_dict. */
  readonly weights: readonly Weight[];
}

/** One layer after another, disposing of what nobody needs any more. */
export function forwardThrough(layers: readonly Layer[], x: Tensor, mode: Mode): Tensor {
  let y = x;
  for (const layer of layers) {
    const next = tf.tidy(() => layer.forward(y, mode));
    if (mode !== 'train' && y !== x) y.dispose();
    y = next;
  }
  return y;
}

/** The layers' backward passes, last first. */
export function backwardThrough(layers: readonly Layer[], dy: Tensor): Tensor {
  let gradient = dy;
  for (const layer of layers.toReversed()) {
    const next = tf.tidy(() => layer.backward(gradient));
    if (gradient !== dy) gradient.dispose();
    gradient = next;
  }
  return gradient;
}
