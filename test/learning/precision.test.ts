// Claims about bfloat16: rounding as its definition says, gradients near float32's, trainings that are deterministic and resume to the bit.
import { expect, test } from 'vitest';
import { cauchyInfoNce } from '../../learning/losses/cauchy-info-nce.ts';
import { ContrastiveNetwork } from '../../learning/networks/contrastive-network.ts';
import { drawnWeights } from '../../learning/networks/weight.ts';
import { tf } from '../../learning/tensorflow/backend.ts';
import { hasBfloat16, precisionHere, precisionOf, toPrecision } from '../../learning/tensorflow/precision.ts';
import { train } from '../../learning/training.ts';
import type { TrainingSettings } from '../../learning/training-settings.ts';
import { decodeTrainingState, encodeTrainingState } from '../../learning/training-state.ts';
import { Random } from '../../numeric/random.ts';
import { syntheticViews } from './synthetic-views.ts';

/** The plain form: of the 32 bits the upper 16, rounded to the nearest, ties to even. */
function rounded(value: number): number {
  const number = new Float32Array([value]);
  const bits = new Uint32Array(number.buffer);
  bits[0] += 0x7fff + ((bits[0] >>> 16) & 1);
  bits[0] &= 0xffff0000;
  return number[0];
}

test('numbers are rounded to the nearest of 8 bits, ties to even, over the whole range of float32', () => {
  const random = new Random(5);
  const drawn = Array.from({ length: 4000 }, () => random.normal() * 10 ** random.uniform(-30, 30));
  const ties = [1 + 2 ** -8, 1 + 3 * 2 ** -8, -1 - 2 ** -8, 1 + 2 ** -8 + 2 ** -20, 0, -0, 3e38, Infinity];
  const x = tf.tensor1d([...drawn, ...ties]);
  const short = toPrecision(x, 'bfloat16');
  expect([precisionOf(x), precisionOf(short)]).toEqual(['float32', 'bfloat16']);
  const back = toPrecision(short, 'float32').dataSync();
  expect([...back]).toEqual([...x.dataSync()].map(rounded));
  expect([toPrecision(x, 'float32'), toPrecision(short, 'bfloat16')]).toEqual([x, short]); // nothing to do
});

test('what takes float32 only refuses a bfloat16 tensor, and computes nothing from its bits', () => {
  const short = toPrecision(tf.tensor1d([1, 2]), 'bfloat16');
  expect(() => tf.add(short, 1)).toThrow(/bfloat16/);
});

/** The kernels' and all other gradients of one batch, by name. */
function gradientsIn(precision: 'float32' | 'bfloat16', stem: TrainingSettings['network']['stem']) {
  const network = new ContrastiveNetwork({ stem, width: 8 }, 6, drawnWeights(new Random(3)));
  const images = tf.randomUniform([24, 32, 32, 3], 0, 1, 'float32', 9);
  const { features, output } = network.forward(toPrecision(images, precision), 'train');
  const { loss, gradient } = cauchyInfoNce(output);
  network.backward(gradient, 'all');
  const gradients = network
    .parameters('all')
    .map(({ name, gradient: of }) => [name, of!.dataSync()] as const);
  const types = [features, output, loss].map(precisionOf);
  return { loss: loss.dataSync()[0], gradients: new Map(gradients), types };
}

test.skipIf(!hasBfloat16).each(['small', 'small-stride2', 'imagenet'] as const)(
  'stem %s: loss and gradients point where those of float32 do, and are float32 themselves',
  stem => {
    const [exact, short] = [gradientsIn('float32', stem), gradientsIn('bfloat16', stem)];
    expect(short.types).toEqual(['float32', 'float32', 'float32']);
    expect(Math.abs(short.loss / exact.loss - 1)).toBeLessThan(0.01);
    exact.gradients.delete('projection_head.layers.2.bias'); // moves all points alike: 0 but for rounding
    for (const [name, expected] of exact.gradients) {
      const angle = cosine(short.gradients.get(name)!, expected);
      expect(angle, name).toBeGreaterThan(0.6); // ReLUs flip here and there; a wrong kernel would be near 0
      if (name.endsWith('conv2.weight')) expect(angle, name).toBeLessThan(1); // it was bfloat16
    }
  },
);

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const product = (p: ArrayLike<number>, q: ArrayLike<number>) =>
    Array.from(p).reduce((sum, value, i) => sum + value * q[i], 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}

const settings: TrainingSettings = {
  loss: 'cosine',
  temperature: 0.5,
  network: { stem: 'small', width: 8 },
  precision: 'bfloat16',
  batchSize: 12,
  learningRate: 0.02,
  momentum: 0.9,
  weightDecay: 5e-4,
  stages: [
    { name: 'all', epochs: 2, warmUpEpochs: 1, learningRateFactor: 1, train: 'all', outputDimension: 8 },
    {
      name: 'last',
      epochs: 1,
      warmUpEpochs: 0,
      learningRateFactor: 1,
      train: 'last-layer',
      outputDimension: 2,
    },
  ],
  seed: 7,
};
const input = { imageSize: 8, imageCount: 30, views: syntheticViews(30, 12, 8), settings };

test.skipIf(!hasBfloat16)(
  'a training in bfloat16 is deterministic, resumes to the bit, leaves no tensor behind, and is not that in float32',
  async () => {
    const before = tf.memory().numTensors;
    const states: Uint8Array[] = [];
    const whole = await train(input, { onState: state => void states.push(encodeTrainingState(state())) });
    expect(await train(input)).toEqual(whole);
    for (const bytes of [states[1], states.at(-2)!]) {
      expect(await train(input, { resumeFrom: decodeTrainingState(bytes) })).toEqual(whole);
    }
    const { precision: _, ...float32 } = settings;
    const exact = await train({ ...input, settings: float32 });
    expect(whole.losses).not.toEqual(exact.losses);
    for (const [epoch, loss] of whole.losses.entries()) expect(loss / exact.losses[epoch]).toBeCloseTo(1, 1);
    expect(tf.memory().numTensors).toBe(before);
  },
);

test.skipIf(hasBfloat16)(
  'where the processor does not multiply bfloat16, a training in it is that in float32, to the bit',
  async () => {
    expect([precisionHere('bfloat16'), precisionHere()]).toEqual(['float32', 'float32']);
    const { precision: _, ...float32 } = settings;
    expect(await train(input)).toEqual(await train({ ...input, settings: float32 }));
  },
);
