// A network's weights as data: PyTorch's state_dict names and layouts, independent of what computes with them.
import { type NdArray, ndarray, sizeOf } from '../../numeric/arrays/array.ts';
import { type Tensor, tf } from '../tensorflow/backend.ts';

/**
 * Weights by their PyTorch names, in PyTorch's layouts: convolutions [out, in, height, width], linear layers [out, in], batch
 * normalisation `weight`, `bias`, `running_mean`, `running_var`.
 */
export type NamedTensors = ReadonlyMap<string, NdArray<Float32Array>>;

/** Thrown where weights are not those of the network that is to take them; the message names the tensor. */
export class WrongWeights extends Error {
  override name = 'WrongWeights';
}

/** A tensor from an array in PyTorch's layout: convolution kernels become [height, width, in, out]. */
export function toTensor({ data, shape }: NdArray<Float32Array>): Tensor {
  if (shape.length !== 4) return tf.tensor(data, [...shape]);
  return tf.tidy(() => tf.transpose(tf.tensor(data, [...shape]), [2, 3, 1, 0]));
}

/** The inverse of `toTensor`. Reads the numbers back: not to be called within `tf.tidy`, which would walk through all of them. */
export function fromTensor(tensor: Tensor): NdArray<Float32Array> {
  if (tensor.rank !== 4) return ndarray(tensor.dataSync() as Float32Array, tensor.shape);
  const transposed = tf.transpose(tensor, [3, 2, 0, 1]);
  const data = transposed.dataSync() as Float32Array;
  transposed.dispose();
  return ndarray(data, transposed.shape);
}

/** The array `name`, of `shape`; throws `WrongWeights` where it is missing or has another shape. */
export function tensorOfShape(
  weights: NamedTensors,
  name: string,
  shape: readonly number[],
): NdArray<Float32Array> {
  const found = weights.get(name);
  if (!found)
    throw new WrongWeights(`no tensor ${name} among its ${weights.size}; is this file of another network?`);
  if (String(found.shape) !== String(shape) || found.data.length !== sizeOf(shape)) {
    throw new WrongWeights(
      `${name} has shape [${found.shape}], this network needs [${shape}]; is this file of another network?`,
    );
  }
  return found;
}
