// Claims about the pretrained baselines: every image is preprocessed once, batches do not matter, ImageNet's normalisation is applied.
import { expect, test } from 'vitest';
import {
  blocksOf,
  normalisedBatch,
  pretrainedFeatures,
  readWeights,
} from '../../learning/pretrained-features.ts';
import { tf } from '../../learning/tensorflow/backend.ts';
import { randomWeights } from '../../learning/weights/random-weights.ts';
import { encodeSafetensors } from '../../learning/weights/safetensors.ts';
import { joinRows, type NdArray, ndarray } from '../../numeric/arrays/array.ts';
import { openRows } from '../../numeric/arrays/npy-file.ts';
import { Random } from '../../numeric/random.ts';

test('features of many images are those of each image alone, and no tensor is left', async () => {
  const weights = readWeights(encodeSafetensors(randomWeights('resnet18', new Random(1))));
  const n = 35; // more than a batch
  const random = new Random(2);
  const images = ndarray(
    Uint8Array.from({ length: n * 16 * 16 * 3 }, () => random.integer(256)),
    [n, 16, 16, 3],
  );
  const seen: number[] = [];
  const before = tf.memory().numTensors;
  const preprocess = (image: NdArray<Uint8Array>) => {
    seen.push(image.data[0]);
    return image;
  };
  const featuresOf = async (some: NdArray<Uint8Array>) => {
    const batches: NdArray<Float32Array>[] = [];
    for await (const batch of pretrainedFeatures('resnet18', weights, blocksOf(openRows(some)), {
      preprocess,
    })) {
      batches.push(batch);
    }
    return joinRows(batches);
  };
  const features = await featuresOf(images);
  expect(features.shape).toEqual([n, 512]);
  expect(seen).toEqual(Array.from({ length: n }, (_, i) => images.data[i * 16 * 16 * 3]));

  const last = ndarray(images.data.slice(34 * 16 * 16 * 3), [1, 16, 16, 3]);
  const alone = await featuresOf(last);
  expect(tf.memory().numTensors).toBe(before);
  const worst = alone.data.reduce(
    (most, x, i) => Math.max(most, Math.abs(x - features.data[34 * 512 + i])),
    0,
  );
  expect(worst).toBeLessThan(1e-4);
});

test('levels are normalised by ImageNet’s mean and standard deviation, channel by channel', () => {
  const { data, shape } = normalisedBatch([ndarray(Uint8Array.of(0, 255, 51), [1, 1, 3])]);
  expect(shape).toEqual([1, 1, 1, 3]);
  [-0.485 / 0.229, (1 - 0.456) / 0.224, (0.2 - 0.406) / 0.225].forEach((expected, channel) => {
    expect(data[channel]).toBeCloseTo(expected, 5);
  });
});
