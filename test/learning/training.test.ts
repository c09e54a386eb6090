// Claims about the training loop: it is deterministic, resumes to the bit, leaks nothing, learns, and says when it fails.
import { expect, test } from 'vitest';
import { type EmbeddedBatch, embed } from '../../learning/embed.ts';
import { learningRateSchedule } from '../../learning/learning-rate-schedule.ts';
import { tf } from '../../learning/tensorflow/backend.ts';
import { NonFiniteLoss, type TrainingProgress, train } from '../../learning/training.ts';
import type { TrainingSettings } from '../../learning/training-settings.ts';
import { decodeTrainingState, encodeTrainingState } from '../../learning/training-state.ts';
import { joinRows, type NdArray, ndarray } from '../../numeric/arrays/array.ts';
import { openRows } from '../../numeric/arrays/npy-file.ts';
import { syntheticViews } from './synthetic-views.ts';

const settings: TrainingSettings = {
  loss: 'cauchy',
  temperature: 0.5,
  network: { stem: 'small-stride2', width: 4 },
  batchSize: 12,
  learningRate: 0.02,
  momentum: 0.9,
  weightDecay: 5e-4,
  stages: [
    { name: 'all', epochs: 3, warmUpEpochs: 1, learningRateFactor: 1, train: 'all', outputDimension: 8 },
    {
      name: 'last',
      epochs: 2,
      warmUpEpochs: 0,
      learningRateFactor: 1,
      train: 'last-layer',
      outputDimension: 2,
    },
    { name: 'fine', epochs: 2, warmUpEpochs: 1, learningRateFactor: 0.1, train: 'all', outputDimension: 2 },
  ],
  seed: 7,
};
const input = { imageSize: 8, imageCount: 30, views: syntheticViews(30, 12, 8), settings };

async function embedAll(weights: Parameters<typeof embed>[0], images: NdArray<Uint8Array>) {
  const batches: EmbeddedBatch[] = [];
  for await (const batch of embed(weights, openRows(images), settings)) batches.push(batch);
  return {
    embedding: joinRows(batches.map(({ embedding }) => embedding)),
    features: joinRows(batches.map(({ features }) => features)),
  };
}

test('the same seed gives bit-identical weights, another seed others', async () => {
  const first = await train(input);
  expect(await train(input)).toEqual(first);
  const other = await train({ ...input, settings: { ...settings, seed: 8 } });
  expect(other.weights.get('backbone.conv1.weight')).not.toEqual(first.weights.get('backbone.conv1.weight'));
});

test('a run resumed from its bytes after any batch ends bit-identical to one never interrupted', async () => {
  const states: Uint8Array[] = [];
  const whole = await train(input, { onState: state => void states.push(encodeTrainingState(state())) });
  expect(states).toHaveLength(7 * 3);
  for (const bytes of states) {
    expect(await train(input, { resumeFrom: decodeTrainingState(bytes) })).toEqual(whole);
  }
});

test('training and embedding leave no tensor behind', async () => {
  const before = tf.memory().numTensors;
  const { weights } = await train(input);
  await embedAll(weights, ndarray(new Uint8Array(5 * 8 * 8 * 3), [5, 8, 8, 3]));
  expect(tf.memory().numTensors).toBe(before);
});

test('each stage follows its own schedule, and progress counts epochs over all stages', async () => {
  const seen: TrainingProgress[] = [];
  const { learningRates, losses } = await train(input, { onEpoch: progress => void seen.push(progress) });
  const expected = settings.stages.flatMap(stage => [
    ...learningRateSchedule(0.02 * stage.learningRateFactor, stage.epochs, stage.warmUpEpochs),
  ]);
  expect(learningRates).toEqual(expected);
  expect(seen.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(seen.map(({ loss }) => loss)).toEqual(losses);
  expect(seen.at(-1)?.secondsLeft).toBeCloseTo(0, 6);
});

test('stage 2 moves the last layer and the running statistics, and nothing else', async () => {
  const states: ReadonlyMap<string, unknown>[] = [];
  await train(input, { onState: (state, { batch }) => void (batch === 0 && states.push(state().weights)) });
  const [before, after] = [states[3], states[4]]; // both in stage 2
  const changed = [...before.keys()].filter(
    name => JSON.stringify(before.get(name)) !== JSON.stringify(after.get(name)),
  );
  const may = (name: string) => name.includes('running_') || name.startsWith('projection_head.layers.2');
  expect(changed.filter(name => !may(name))).toEqual([]);
  expect(changed.filter(may).length).toBeGreaterThan(2);
});

test('the loss falls on images that are easy to tell apart', async () => {
  const stages = [{ ...settings.stages[0], epochs: 12, learningRateFactor: 2 }];
  const { losses } = await train({ ...input, settings: { ...settings, stages } });
  expect(losses.at(-1)).toBeLessThan(losses[0] - 0.2);
});

test('a loss that is not finite names stage, epoch and step', async () => {
  const run = train({ ...input, settings: { ...settings, learningRate: 1e18 } });
  await expect(run).rejects.toThrow(NonFiniteLoss);
  await expect(run).rejects.toThrow(/stage all, epoch \d+, step \d+/);
});

test('an aborted run ends with the signal’s reason', async () => {
  const controller = new AbortController();
  const run = train(input, {
    signal: controller.signal,
    onEpoch: () => controller.abort(new Error('paused')),
  });
  await expect(run).rejects.toThrow('paused');
});

test('an aborted run hands over its state within the epoch, and ends alike when it goes on from there', async () => {
  const whole = await train(input);
  const controller = new AbortController();
  let last: Uint8Array | undefined;
  const run = train(input, {
    signal: controller.signal,
    onState: (_state, { epoch, batch }) =>
      void (epoch === 5 && batch === 1 && controller.abort(new Error('paused'))),
    onAbort: state => {
      last = encodeTrainingState(state());
    },
  });
  await expect(run).rejects.toThrow('paused');
  const resumeFrom = decodeTrainingState(last!);
  expect(resumeFrom).toMatchObject({ epoch: 5, batch: 2 });
  expect(await train(input, { resumeFrom })).toEqual(whole);
});

test('embedding does not depend on how images are batched with others', async () => {
  const { weights } = await train(input);
  const pixels = Uint8Array.from({ length: 3 * 192 }, (_, i) => (i * 37) % 256);
  const all = await embedAll(weights, ndarray(pixels, [3, 8, 8, 3]));
  const last = await embedAll(weights, ndarray(pixels.slice(2 * 192), [1, 8, 8, 3]));
  expect(all.embedding.shape).toEqual([3, 2]);
  expect(all.features.shape).toEqual([3, 32]);
  expect([...all.embedding.data.slice(4)].map((x, i) => Math.abs(x - last.embedding.data[i]) < 1e-5)).toEqual(
    [true, true],
  );
});
