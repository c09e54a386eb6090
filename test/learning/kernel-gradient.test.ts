// Claims about the gradient by a convolution's kernel: by products it is what TensorFlow's kernel gives, wherever the window meets an edge.
import { expect, test } from 'vitest';
import { kernelGradient, kernelGradientByProducts } from '../../learning/networks/kernel-gradient.ts';
import { type Tensor, tf } from '../../learning/tensorflow/backend.ts';
import { conv2dKernelGradient } from '../../learning/tensorflow/native-ops.ts';
import { hasBfloat16, precisionOf, toPrecision } from '../../learning/tensorflow/precision.ts';

/** A convolution of 16 channels to `outputs`, at stride 1, over images of `length` × (`length` + 1) pixels. */
function drawn({ length, size, outputs = 8 }: Drawn) {
  const x = tf.randomNormal([5, length, length + 1, 16], 0, 1, 'float32', 1);
  const dy = tf.randomNormal([5, length, length + 1, outputs], 0, 1, 'float32', 2);
  return { x, dy, kernelShape: [size, size, 16, outputs], stride: 1, padding: 'SAME' as const };
}

interface Drawn {
  length: number;
  size: number;
  outputs?: number;
}

function largestDifference(a: Tensor, b: Tensor): number {
  return tf.max(tf.abs(tf.sub(a, b))).dataSync()[0];
}

function largest(x: Tensor): number {
  return tf.max(tf.abs(x)).dataSync()[0];
}

const cases = [1, 2, 3, 4, 7].flatMap(length => [1, 3, 5].map(size => ({ length, size })));

test.each(cases)('length $length, window $size: products give what the kernel of TensorFlow gives', one => {
  const { x, dy, kernelShape, stride, padding } = drawn(one);
  const plain = conv2dKernelGradient(x, kernelShape, dy, stride, padding);
  const byProducts = kernelGradientByProducts(x, dy, kernelShape);
  expect(byProducts.shape).toEqual(plain.shape);
  expect(largestDifference(byProducts, plain)).toBeLessThan(1e-5 * largest(plain));
});

test('few channels go through the kernel, many by products, both to the same numbers', () => {
  for (const outputs of [8, 256]) {
    const of = drawn({ length: 1, size: 3, outputs });
    const plain = conv2dKernelGradient(of.x, of.kernelShape, of.dy, of.stride, of.padding);
    expect(largestDifference(kernelGradient(of), plain)).toBeLessThan(1e-5 * largest(plain));
  }
});

test.skipIf(!hasBfloat16).each([
  { length: 3, size: 3 },
  { length: 6, size: 3, outputs: 256 },
  { length: 9, size: 3 },
])('bfloat16, $length pixels: the gradient is rounded once, is float32, and no other tensor stays', one => {
  const of = drawn(one);
  const [x, dy] = [of.x, of.dy].map(tensor => toPrecision(tensor, 'bfloat16'));
  const before = tf.memory().numTensors;
  const gradient = kernelGradient({ ...of, x, dy });
  expect(tf.memory().numTensors).toBe(before + 1);
  expect(precisionOf(gradient)).toBe('float32');
  const [seen, given] = [x, dy].map(tensor => toPrecision(tensor, 'float32'));
  const exact = conv2dKernelGradient(seen, of.kernelShape, given, of.stride, of.padding);
  expect(largestDifference(gradient, exact)).toBeLessThanOrEqual(2 ** -8 * largest(exact));
});
