// score: the paper's two numbers of an embedding, kNN accuracy and silhouette (paper, section 4). The authors' code casts embeddings
// to float16 first, which moves kNN in its last digit; here they stay float32.
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { labelled, whyUnscored } from '../../datasets/own/own-images.ts';
import { type NdArray, takeRows } from '../../numeric/arrays/array.ts';
import { splitFor } from '../../numeric/scores/grouped-split.ts';
import { knnAccuracy } from '../../numeric/scores/knn-accuracy.ts';
import { silhouette } from '../../numeric/scores/silhouette.ts';
import { groupsFile, PreparedDataset } from '../artifact-files.ts';
import { readArray, type StepInput, type StepWork, typescriptBackend } from '../step-work.ts';

/** The summary of a score: kNN accuracy as a share of the test part, silhouette in −1 … 1; neither where there are no classes to tell apart. */
interface Scores {
  knn?: number;
  silhouette?: number;
  /** Images with a class. */
  n: number;
  /** Groups that the split of the kNN score kept whole, where there are any. */
  groups?: number;
}

export const score: StepWork<'score'> = async ({ settings, inputs, folder, threads, signal, onProgress }) => {
  const whole = (await readArray(inputs.embedding)) as NdArray<Float32Array>;
  const all = (await readArray(inputs.images, 'labels.npy')).data as Int32Array;
  const known = Int32Array.from(all.keys()).filter(i => all[i] >= 0);
  const isWhole = known.length === all.length;
  const labels = isWhole ? all : all.filter(label => label >= 0);
  const embedding = isWhole ? whole : takeRows(whole, known);
  const scores: Scores = { n: labels.length };
  if (!(await isOwn(inputs.images)) || !whyUnscored(labelled(Array.from(labels, String)))) {
    onProgress({ text: 'kNN accuracy' });
    const groups = await groupsOf(inputs.images, known);
    scores.knn = knnAccuracy(embedding, labels, { ...settings, split: splitFor(labels, groups, settings) });
    if (groups) scores.groups = new Set(groups).size;
    onProgress({ text: 'silhouette', fraction: 0.2 });
    scores.silhouette = await silhouette(embedding, labels, { threads, signal });
  }
  await writeFile(path.join(folder, 'scores.json'), JSON.stringify(scores));
  return { summary: { ...scores }, backend: typescriptBackend };
};

/** Of published images it is an error where they cannot be scored. */
async function isOwn({ folder }: StepInput): Promise<boolean> {
  const { own } = PreparedDataset.parse(
    JSON.parse(await readFile(path.join(folder, 'dataset.json'), 'utf8')),
  );
  return own === true;
}

/** The groups of those images that have a class; undefined where there are none. */
async function groupsOf(images: StepInput, known: Int32Array): Promise<Int32Array | undefined> {
  if (!existsSync(path.join(images.folder, groupsFile))) return undefined;
  const groups = (await readArray(images, groupsFile)).data;
  return known.map(i => groups[i]);
}
