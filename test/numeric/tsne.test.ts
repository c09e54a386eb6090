// t-SNE as a whole: it separates what is separate, whatever the number of threads, and refuses what it cannot embed.
import { expect, test } from 'vitest';
import { ndarray } from '../../numeric/arrays/array.ts';
import { Random } from '../../numeric/random.ts';
import { knnAccuracy } from '../../numeric/scores/knn-accuracy.ts';
import { defaultTsneSettings, type TsneProgress, tsne } from '../../numeric/tsne/tsne.ts';

function clusters(n: number, d: number, classes: number) {
  const random = new Random(0);
  const centres = Float64Array.from({ length: classes * d }, () => 4 * random.normal());
  const labels = Int32Array.from({ length: n }, (_, i) => i % classes);
  const data = Float32Array.from(
    { length: n * d },
    (_, i) => centres[labels[Math.floor(i / d)] * d + (i % d)] + random.normal(),
  );
  return { x: ndarray(data, [n, d]), labels };
}

test('clusters come apart; the embedding is centred, and progress tells of every phase', async () => {
  const { x, labels } = clusters(300, 10, 5);
  const told: TsneProgress[] = [];
  const { embedding, klDivergence } = await tsne(
    x,
    { iterations: 250 },
    { onProgress: progress => told.push(progress) },
  );
  expect(knnAccuracy(embedding, labels)).toBe(1);
  expect(klDivergence).toBeGreaterThan(0);
  expect(klDivergence).toBeLessThan(1.2);
  const sums = [0, 0];
  embedding.data.forEach((value, c) => {
    sums[c % 2] += value;
  });
  for (const sum of sums) expect(Math.abs(sum)).toBeLessThan(1e-2);
  expect([...new Set(told.map(({ phase }) => phase))]).toEqual([
    'neighbours',
    'early exaggeration',
    'optimisation',
  ]);
  expect(told.at(-1)).toEqual({ phase: 'optimisation', iteration: 250, iterations: 250 });
});

test.each([200, 1100])(
  '%i points: bit for bit the same on one thread and on three; the seed counts',
  async n => {
    const { x } = clusters(n, 40, 4);
    const settings = { earlyExaggerationIterations: 20, iterations: 20 };
    const one = await tsne(x, settings, { threads: 1 });
    expect(await tsne(x, settings, { threads: 3 })).toEqual(one);
    expect((await tsne(x, { ...settings, seed: 1 })).embedding).not.toEqual(one.embedding);
  },
);

test('equal points, few points and one dimension are embedded', async () => {
  const settings = { earlyExaggerationIterations: 50, iterations: 50 };
  for (const x of [
    ndarray(new Uint8Array(30 * 5).fill(3), [30, 5]),
    ndarray(Float64Array.of(1, 2, 4, 9), [4, 1]),
  ]) {
    const { embedding } = await tsne(x, settings);
    expect(embedding.data.every(Number.isFinite)).toBe(true);
  }
});

test('wrong data and settings are refused', async () => {
  const { x } = clusters(20, 3, 2);
  await expect(tsne(ndarray(new Float32Array(9), [3, 3]))).rejects.toThrow(
    'at least 4 points, got shape [3,3]',
  );
  await expect(tsne(x, { perplexity: 0 })).rejects.toThrow('perplexity must be above 0, got 0');
  await expect(tsne(x, { iterations: 1.5 })).rejects.toThrow('iterations must be a whole number');
  await expect(tsne(x, { learningRate: -1 })).rejects.toThrow('learningRate');
  x.data[7] = Number.NaN;
  await expect(tsne(x)).rejects.toThrow('point 2 has the value NaN');
});

test('an abort ends it with the signal’s reason', async () => {
  const { x } = clusters(300, 10, 5);
  const controller = new AbortController();
  const onProgress = ({ phase }: TsneProgress) => {
    if (phase === 'early exaggeration') controller.abort(new Error('cancelled'));
  };
  const running = tsne(
    x,
    { ...defaultTsneSettings, iterations: 100_000 },
    { onProgress, signal: controller.signal },
  );
  await expect(running).rejects.toThrow('cancelled');
});
