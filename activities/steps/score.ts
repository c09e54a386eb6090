// score: the paper's two numbers of an embedding, kNN accuracy and silhouette (paper, section 4). The authors' code casts embeddings
// to float16 first, which moves kNN in its last digit; here they stay float32.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { NdArray } from '../../numeric/array.ts';
import { knnAccuracy } from '../../numeric/knn-accuracy.ts';
import { silhouette } from '../../numeric/silhouette.ts';
import { readArray, type StepWork, typescriptBackend } from '../step-work.ts';

/** The summary of a score: kNN accuracy as a share of the test part, silhouette in −1 … 1. */
interface Scores {
  knn: number;
  silhouette: number;
  n: number;
}

export const score: StepWork<'score'> = async ({ settings, inputs, folder, threads, signal, onProgress }) => {
  const embedding = (await readArray(inputs.embedding)) as NdArray<Float32Array>;
  const labels = (await readArray(inputs.images, 'labels.npy')).data as Int32Array;
  onProgress({ text: 'kNN accuracy' });
  const knn = knnAccuracy(embedding, labels, settings);
  onProgress({ text: 'silhouette', fraction: 0.2 });
  const scores: Scores = {
    knn,
    silhouette: await silhouette(embedding, labels, { threads, signal }),
    n: labels.length,
  };
  await writeFile(path.join(folder, 'scores.json'), JSON.stringify(scores));
  return { summary: { ...scores }, backend: typescriptBackend };
};
