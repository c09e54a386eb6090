// TensorFlow's own kernels under plain names: the forward ops and their gradients that networks, losses and optimiser are made of.
// They are called one by one, without tfjs's tape: its gradients compose slow ops where TensorFlow has a fused one. Each computes in
// the precision of its inputs (precision.ts): an op whose type is not said has that of what it is given.
import { type Attribute, native, type Tensor, tf } from './backend.ts';

const { TF_ATTR_BOOL, TF_ATTR_FLOAT, TF_ATTR_INT, TF_ATTR_STRING } = native.binding;
const bool = (name: string, value: boolean): Attribute => ({ name, type: TF_ATTR_BOOL, value });
const float = (name: string, value: number): Attribute => ({ name, type: TF_ATTR_FLOAT, value });
const text = (name: string, value: string): Attribute => ({ name, type: TF_ATTR_STRING, value });
const integers = (name: string, value: readonly number[]): Attribute => ({ name, type: TF_ATTR_INT, value });

const NHWC = text('data_format', 'NHWC');

/** How a convolution or a pooling pads: as TensorFlow's `SAME` does, or not at all. */
export type Padding = 'SAME' | 'VALID';

function windowAttributes(stride: number, padding: Padding): Attribute[] {
  return [integers('strides', [1, stride, stride, 1]), text('padding', padding), NHWC];
}

function convolutionAttributes(stride: number, padding: Padding): Attribute[] {
  return [
    ...windowAttributes(stride, padding),
    bool('use_cudnn_on_gpu', true),
    integers('explicit_paddings', []),
    integers('dilations', [1, 1, 1, 1]),
  ];
}

/** `x` [n, h, w, in] with `kernel` [k, k, in, out] → [n, h', w', out]. */
export function conv2d(x: Tensor, kernel: Tensor, stride: number, padding: Padding): Tensor {
  return native.executeSingleOutput('Conv2D', convolutionAttributes(stride, padding), [x, kernel]);
}

/** Gradient by the convolution's input, of `inputShape`. */
export function conv2dInputGradient(
  inputShape: number[],
  kernel: Tensor,
  dy: Tensor,
  stride: number,
  padding: Padding,
): Tensor {
  const shape = tf.tensor1d(inputShape, 'int32');
  const attributes = convolutionAttributes(stride, padding);
  return disposing(shape, native.executeSingleOutput('Conv2DBackpropInput', attributes, [shape, kernel, dy]));
}

/** Gradient by the convolution's kernel, of `kernelShape` [k, k, in, out]. */
export function conv2dKernelGradient(
  x: Tensor,
  kernelShape: number[],
  dy: Tensor,
  stride: number,
  padding: Padding,
): Tensor {
  // oneDNN (TensorFlow 2.21, AVX-512) writes past its buffer for strided 1×1 windows over few channels and many pixels: the process dies.
  const [size, , inputs] = kernelShape;
  if (size === 1 && stride > 1 && inputs < 16) {
    const seen = everyNthPixel(x, stride);
    return disposing(seen, conv2dKernelGradient(seen, kernelShape, dy, 1, padding));
  }
  const shape = tf.tensor1d(kernelShape, 'int32');
  const attributes = convolutionAttributes(stride, padding);
  return disposing(shape, native.executeSingleOutput('Conv2DBackpropFilter', attributes, [x, shape, dy]));
}

/** The pixels of [n, h, w, c] whose row and column are multiples of `step`. */
function everyNthPixel(x: Tensor, step: number): Tensor {
  return tf.tidy(() => {
    const [begin, end, strides] = [[0, 0, 0, 0], x.shape, [1, step, step, 1]].map(axes =>
      tf.tensor1d(axes, 'int32'),
    );
    return native.executeSingleOutput('StridedSlice', [], [x, begin, end, strides]);
  });
}

/** Input [n, h, w, c], scale, shift, running mean and running variance [c]. */
export type BatchNormInputs = readonly [
  x: Tensor,
  scale: Tensor,
  shift: Tensor,
  mean: Tensor,
  variance: Tensor,
];

export interface BatchNormOutput {
  y: Tensor;
  runningMean: Tensor;
  runningVariance: Tensor;
  /** What the gradient needs: mean and (biased) variance of the batch, and the kernel's scratch. */
  saved: [Tensor, Tensor, Tensor];
}

/**
 * Normalises by the batch, and moves the running statistics by `momentum` towards it (PyTorch's convention: the batch is normalised
 * with the biased variance, the running one takes the unbiased).
 */
export function batchNormTraining(
  [x, scale, shift, runningMean, runningVariance]: BatchNormInputs,
  epsilon: number,
  momentum: number,
): BatchNormOutput {
  const outputs = native.executeMultipleOutputs(
    'FusedBatchNormV3',
    [float('epsilon', epsilon), float('exponential_avg_factor', momentum), NHWC, bool('is_training', true)],
    [x, scale, shift, runningMean, runningVariance],
    6,
  );
  const [y, newMean, newVariance, ...saved] = outputs;
  return { y, runningMean: newMean, runningVariance: newVariance, saved: saved as BatchNormOutput['saved'] };
}

/** Normalises by the running statistics. */
export function batchNormEvaluation(inputs: BatchNormInputs, epsilon: number): Tensor {
  const [y, ...unused] = native.executeMultipleOutputs(
    'FusedBatchNormV3',
    [float('epsilon', epsilon), float('exponential_avg_factor', 1), NHWC, bool('is_training', false)],
    [...inputs],
    6,
  );
  tf.dispose(unused);
  return y;
}

/** Gradients of `batchNormTraining` by its input, scale and shift. */
export function batchNormGradient(
  dy: Tensor,
  x: Tensor,
  scale: Tensor,
  saved: BatchNormOutput['saved'],
  epsilon: number,
): { dx: Tensor; dScale: Tensor; dShift: Tensor } {
  const [dx, dScale, dShift, ...unused] = native.executeMultipleOutputs(
    'FusedBatchNormGradV3',
    [float('epsilon', epsilon), NHWC, bool('is_training', true)],
    [dy, x, scale, ...saved],
    5,
  );
  tf.dispose(unused);
  return { dx, dScale, dShift };
}

export const relu = (x: Tensor): Tensor => native.executeSingleOutput('Relu', [], [x]);

/** `dy` where the ReLU's output `y` is positive, else 0. */
export const reluGradient = (dy: Tensor, y: Tensor): Tensor =>
  native.executeSingleOutput('ReluGrad', [], [dy, y]);

/** Sum with broadcasting. */
export const add = (a: Tensor, b: Tensor): Tensor => native.executeSingleOutput('AddV2', [], [a, b]);

/** Difference with broadcasting. */
export const subtract = (a: Tensor, b: Tensor): Tensor => native.executeSingleOutput('Sub', [], [a, b]);

/** Product with broadcasting. */
export const multiply = (a: Tensor, b: Tensor): Tensor => native.executeSingleOutput('Mul', [], [a, b]);

/** Matrix product of `a` and `b`, each transposed where asked. */
export function matMul(a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor {
  const attributes = [bool('transpose_a', transposeA), bool('transpose_b', transposeB)];
  return native.executeSingleOutput('MatMul', attributes, [a, b]);
}

/** Pads height and width of [n, h, w, c] with zeros, each by [before, after]. */
export function padImage(x: Tensor, height: readonly number[], width: readonly number[]): Tensor {
  const paddings = tf.tensor2d([0, 0, ...height, ...width, 0, 0], [4, 2], 'int32');
  return disposing(paddings, native.executeSingleOutput('Pad', [], [x, paddings]));
}

/** The part of [n, h, w, c] that has `shape` and begins `offset` pixels from the top and from the left. */
export function cropImage(x: Tensor, offset: number, shape: readonly number[]): Tensor {
  return slice(x, [0, offset, offset, 0], shape);
}

/** The part of `x` that begins at `begin` and has `shape`; of whole rows (first axis), where they are aligned, nothing is copied. */
export function slice(x: Tensor, begin: readonly number[], shape: readonly number[]): Tensor {
  return tf.tidy(() => {
    const [from, size] = [begin, shape].map(axes => tf.tensor1d([...axes], 'int32'));
    return native.executeSingleOutput('Slice', [], [x, from, size]);
  });
}

/** [n, h, w, c] → [h, w, n, c]. */
export function pixelsFirst(x: Tensor): Tensor {
  const order = tf.tensor1d([1, 2, 0, 3], 'int32');
  return disposing(order, native.executeSingleOutput('Transpose', [], [x, order]));
}

/** [h, w, n, c] → [h · w · n, c]. */
export function pixelRows(x: Tensor): Tensor {
  const shape = tf.tensor1d([-1, x.shape[3]!], 'int32');
  return disposing(shape, native.executeSingleOutput('Reshape', [], [x, shape]));
}

/** Largest value of each `size` × `size` window of [n, h, w, c]. */
export function maxPool(x: Tensor, size: number, stride: number, padding: Padding): Tensor {
  const attributes = [
    ...windowAttributes(stride, padding),
    integers('ksize', [1, size, size, 1]),
    integers('explicit_paddings', []),
  ];
  return native.executeSingleOutput('MaxPool', attributes, [x]);
}

/** Gradient of `maxPool` by its input `x`, where `y` was its output. */
export function maxPoolGradient(
  x: Tensor,
  y: Tensor,
  dy: Tensor,
  size: number,
  stride: number,
  padding: Padding,
): Tensor {
  const attributes = [
    ...windowAttributes(stride, padding),
    integers('ksize', [1, size, size, 1]),
    integers('explicit_paddings', []),
  ];
  return native.executeSingleOutput('MaxPoolGrad', attributes, [x, y, dy]);
}

/** A square matrix with `value` on its diagonal. */
export function withDiagonal(matrix: Tensor, value: number): Tensor {
  const diagonal = tf.fill([matrix.shape[0]], value);
  return disposing(diagonal, native.executeSingleOutput('MatrixSetDiag', [], [matrix, diagonal]));
}

function disposing(argument: Tensor, result: Tensor): Tensor {
  argument.dispose();
  return result;
}

/** Mean over height and width: [n, h, w, c] → [n, c]. */
export function globalMean(x: Tensor): Tensor {
  return tf.mean(x, [1, 2]);
}

/** Gradient of `globalMean` by its input, of `shape` [n, h, w, c]. */
export function globalMeanGradient(dy: Tensor, [n, height, width, channels]: number[]): Tensor {
  return tf.tidy(() => {
    const share = tf.mul(dy, 1 / (height * width)).reshape([n, 1, 1, channels]);
    return tf.tile(share, [1, height, width, 1]);
  });
}

/** [n, d] → [d]. */
export function sumRows(x: Tensor): Tensor {
  return tf.sum(x, 0);
}
