// What the two losses have in common: 2n rows, of which row i and row n + i are the two views of image i.
import { type NdArray, ndarray } from '../../numeric/arrays/array.ts';
import { type Tensor, tf } from '../tensorflow/backend.ts';

/** A loss (scalar) of the network's output [2n, d], and its gradient [2n, d]; both the caller's. */
export interface LossAndGradient {
  loss: Tensor;
  gradient: Tensor;
}

/** InfoNCE with some similarity: mean over i of log Σ_{j ≠ i} s(i, j) − log s(i, p(i)), p(i) being the other view of row i. */
export type ContrastiveLoss = (z: Tensor) => LossAndGradient;

/** Row i of the result is row p(i) of z [2n, d]: its two halves exchanged. */
export function otherViews(z: Tensor): Tensor {
  const [rows, d] = z.shape;
  const half = rows / 2;
  return tf.concat([tf.slice(z, [half, 0], [half, d]), tf.slice(z, [0, 0], [half, d])]);
}

/** A loss of an array [2n, d], as numbers. */
export function evaluateLoss(
  loss: ContrastiveLoss,
  { data, shape }: NdArray<Float32Array>,
): { loss: number; gradient: NdArray<Float32Array> } {
  const z = tf.tensor(data, [...shape]);
  const result = loss(z);
  const numbers = {
    loss: result.loss.dataSync()[0],
    gradient: ndarray(result.gradient.dataSync() as Float32Array, shape),
  };
  tf.dispose([z, result.loss, result.gradient]);
  return numbers;
}
