// Claims about the networks: padding as PyTorch's by brute force, gradients by finite differences, first values, errors.
import { expect, test } from 'vitest';
import { cauchyInfoNce } from '../../learning/losses/cauchy-info-nce.ts';
import { ContrastiveNetwork } from '../../learning/networks/contrastive-network.ts';
import { drawnWeights, storedWeights, type Weight } from '../../learning/networks/weight.ts';
import { padFor, type Window } from '../../learning/networks/window.ts';
import { type Tensor, tf } from '../../learning/tensorflow/backend.ts';
import { conv2d, conv2dKernelGradient } from '../../learning/tensorflow/native-ops.ts';
import { Random } from '../../numeric/random.ts';

test.each([
  { size: 1, stride: 1, padding: 0 },
  { size: 1, stride: 2, padding: 0 },
  { size: 3, stride: 1, padding: 1 },
  { size: 3, stride: 2, padding: 1 },
  { size: 7, stride: 2, padding: 3 },
])('a convolution pads evenly on every side, whatever the image’s size: %o', window => {
  for (let height = 2; height <= 9; height++) {
    const width = height + 1;
    const x = tf.randomUniform([1, height, width, 1]);
    const kernel = tf.randomUniform([window.size, window.size, 1, 1]);
    const { padded, padding } = padFor(window, x);
    const y = conv2d(padded, kernel, window.stride, padding);
    const expected = bruteForce(x.arraySync() as number[][][][], kernel, window);
    expect(y.shape.slice(1, 3)).toEqual([expected.length, expected[0].length]);
    const worst = tf.max(tf.abs(tf.sub(y.reshape([-1]), tf.tensor1d(expected.flat()))));
    expect(worst.dataSync()[0]).toBeLessThan(1e-5);
  }
});

function bruteForce([image]: number[][][][], kernel: Tensor, { size, stride, padding }: Window): number[][] {
  const weights = [...kernel.dataSync()];
  const outputs = (length: number) => Math.floor((length + 2 * padding - size) / stride) + 1;
  const at = (row: number, column: number) => image[row]?.[column]?.[0] ?? 0;
  return Array.from({ length: outputs(image.length) }, (_, row) =>
    Array.from({ length: outputs(image[0].length) }, (_, column) =>
      weights.reduce((sum, weight, k) => {
        const top = row * stride - padding + Math.floor(k / size);
        return sum + weight * at(top, column * stride - padding + (k % size));
      }, 0),
    ),
  );
}

test('few channels at a stride: the gradient of a 1×1 kernel is x · dy over the pixels that it sees, and memory stays whole', () => {
  const x = tf.randomUniform([2, 64, 64, 8]);
  const dy = tf.randomUniform([2, 32, 32, 16]);
  const seen = tf.stridedSlice(x, [0, 0, 0, 0], x.shape, [1, 2, 2, 1]);
  const expected = tf.matMul(seen.reshape([-1, 8]), dy.reshape([-1, 16]), true, false);
  for (let round = 0; round < 20; round++) {
    const gradient = conv2dKernelGradient(x, [1, 1, 8, 16], dy, 2, 'SAME');
    expect(tf.max(tf.abs(tf.sub(gradient.reshape([8, 16]), expected))).dataSync()[0]).toBeLessThan(1e-2);
    gradient.dispose();
  }
});

test.each(['small', 'small-stride2', 'imagenet'] as const)(
  'stem %s: the gradient is the slope of the loss along it',
  stem => {
    const network = new ContrastiveNetwork({ stem, width: 4 }, 6, drawnWeights(new Random(3)));
    const images = tf.randomUniform([12, 20, 20, 3], 0, 1, 'float32', 5);
    const { output, features } = network.forward(images, 'train');
    const { loss, gradient } = cauchyInfoNce(output);
    network.backward(gradient, 'all');
    for (const prefix of [
      'backbone.conv1',
      'backbone.bn1',
      'backbone.layer2.0',
      'projection_head.layers.0',
    ]) {
      const weights = network.parameters('all').filter(({ name }) => name.startsWith(prefix));
      const norm = Math.sqrt(weights.reduce((sum, { gradient }) => sum + squaredNorm(gradient!), 0));
      const distance = 5e-4 / norm;
      const slope =
        (lossAlong(network, images, weights, distance) - lossAlong(network, images, weights, -distance)) /
        (2 * distance);
      expect(slope / norm ** 2, prefix).toBeCloseTo(1, 1);
    }
    tf.dispose([output, features, loss, gradient]);
    network.dispose();
  },
);

function squaredNorm(tensor: Tensor): number {
  return [...tensor.dataSync()].reduce((sum, value) => sum + value * value, 0);
}

/** The loss where `weights` are moved along their gradients. */
function lossAlong(network: ContrastiveNetwork, images: Tensor, weights: Weight[], distance: number): number {
  const before = weights.map(weight => weight.value.clone());
  for (const weight of weights) weight.assign(tf.add(weight.value, tf.mul(weight.gradient!, distance)));
  const { output, features } = network.forward(images, 'frozen');
  const { loss, gradient } = cauchyInfoNce(output);
  network.backward(gradient, 'last-layer');
  const value = loss.dataSync()[0];
  weights.forEach((weight, i) => {
    weight.assign(before[i]);
  });
  tf.dispose([output, features, loss, gradient]);
  return value;
}

test('first values follow PyTorch’s defaults, and each tensor has its own stream', () => {
  const network = new ContrastiveNetwork({ stem: 'small', width: 16 }, 128, drawnWeights(new Random(1)));
  const weights = network.toNamedTensors();
  const moments = (name: string) => {
    const { data } = weights.get(name)!;
    const mean = data.reduce((sum, x) => sum + x, 0) / data.length;
    return { mean, sd: Math.sqrt(data.reduce((sum, x) => sum + (x - mean) ** 2, 0) / data.length) };
  };
  const kernel = moments('backbone.layer4.1.conv2.weight');
  expect(kernel.sd).toBeCloseTo(Math.sqrt(2 / (128 * 9)), 3);
  expect(kernel.mean).toBeCloseTo(0, 3);
  const linear = weights.get('projection_head.layers.0.weight')!.data;
  expect(Math.max(...linear)).toBeLessThanOrEqual(1 / Math.sqrt(128));
  expect(moments('projection_head.layers.0.weight').sd).toBeCloseTo(1 / Math.sqrt(3 * 128), 3);
  expect(new Set(weights.get('backbone.bn1.weight')!.data)).toEqual(new Set([1]));
  expect(new Set(weights.get('backbone.bn1.running_var')!.data)).toEqual(new Set([1]));
  expect(new Set(weights.get('backbone.bn1.bias')!.data)).toEqual(new Set([0]));

  network.replaceLastLayer(2, drawnWeights(new Random(2)));
  expect(network.outputDimension).toBe(2);
  const replaced = network.toNamedTensors().get('projection_head.layers.2.weight')!;
  expect(replaced.shape).toEqual([2, 256]);
  const sd = Math.sqrt(replaced.data.reduce((sum, x) => sum + x * x, 0) / 512);
  expect(Math.abs(sd - 1)).toBeLessThan(0.15);
  network.dispose();
});

test('weights of another network are refused by name and shape', () => {
  const small = new ContrastiveNetwork({ stem: 'small', width: 2 }, 2, drawnWeights(new Random(1)));
  const weights = storedWeights(small.toNamedTensors());
  expect(() => new ContrastiveNetwork({ stem: 'imagenet', width: 2 }, 2, weights)).toThrow(
    'backbone.conv1.weight has shape [2,3,3,3], this network needs [2,3,7,7]',
  );
  small.dispose();
});
