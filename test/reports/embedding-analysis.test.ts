// What is said of an embedding point by point adds up to its two scores.
import { expect, test } from 'vitest';
import { knnAccuracy } from '../../numeric/scores/knn-accuracy.ts';
import { silhouette as meanSilhouette } from '../../numeric/scores/silhouette.ts';
import { analyseEmbedding } from '../../reports/cells/embedding-analysis.ts';
import type { EmbeddedCell } from '../../reports/figures/embedding.ts';
import { madeUpCell } from './made-up-result.ts';

const { embedding, labels } = madeUpCell(600, 25) as EmbeddedCell;
const score = { neighbours: 9, testFraction: 0.2, seed: 3 };
const analysis = await analyseEmbedding({ embedding, labels, classCount: 8, score });

test('the diagonal’s share of the confusion is the kNN accuracy', () => {
  const { confusion } = analysis;
  const tested = confusion.flat().reduce((sum, count) => sum + count);
  expect(tested).toBe(120);
  const right = confusion.reduce((sum, row, label) => sum + row[label], 0);
  expect(right / tested).toBe(knnAccuracy(embedding, labels.data, score));
});

test('class means, weighted by their images, give the silhouette', async () => {
  const counts = new Array<number>(8).fill(0);
  for (const label of labels.data) counts[label]++;
  const mean =
    analysis.classSilhouettes.reduce<number>((sum, value, label) => sum + value! * counts[label], 0) / 600;
  expect(mean).toBeCloseTo(await meanSilhouette(embedding, labels.data), 6);
});

test('a class without images has no mean', async () => {
  const { classSilhouettes } = await analyseEmbedding({ embedding, labels, classCount: 9, score });
  expect(classSilhouettes[8]).toBeNull();
});
