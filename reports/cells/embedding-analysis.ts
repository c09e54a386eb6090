// What can be said of an embedding beyond its two scores: point by point, and class by class.
import { takeRows } from '../../numeric/arrays/array.ts';
import { splitFor } from '../../numeric/scores/grouped-split.ts';
import { knnPredictions } from '../../numeric/scores/knn-accuracy.ts';
import { neighbourhood } from '../../numeric/scores/neighbourhood.ts';
import { silhouetteSamples } from '../../numeric/scores/silhouette.ts';
import { stratifiedSplit } from '../../numeric/scores/stratified-split.ts';
import type { EmbeddedCell } from '../figures/embedding.ts';

export interface EmbeddingAnalysis {
  /** `[n]`: the class of most of the 15 nearest others, each image left out in turn. */
  readonly predicted: Int32Array;
  /** `[n]`: the share of the 15 nearest others that are of another class. */
  readonly disagreement: Float32Array;
  /** `[n]`: points per unit of area around it. */
  readonly density: Float32Array;
  /** `[n]`, −1 … 1; their mean is the score. */
  readonly silhouette: Float32Array;
  /** `[class][predicted]`: images of the kNN score's test part; the diagonal's share is the score. */
  readonly confusion: readonly (readonly number[])[];
  /** `[class]`: the mean silhouette of its images; null for a class without any. */
  readonly classSilhouettes: readonly (number | null)[];
}

/** What an analysis needs of a cell. */
export type AnalysisTask = Pick<EmbeddedCell, 'embedding' | 'labels'> & {
  readonly classCount: number;
  /** The class of images that have none, the last; nothing is said of how it lies. */
  readonly noClass?: number;
  /** `[n]`, where the split of the kNN score keeps groups whole. */
  readonly groups?: Int32Array;
  /** As the cell's kNN accuracy was made. */
  readonly score: { readonly neighbours?: number; readonly testFraction?: number; readonly seed?: number };
};

/**
 * Quadratic in the number of points, on threads where there are many. What has no class counts for density alone; its `predicted`
 * class is what its neighbours with a class say. Throws `RangeError` where the embedding holds values that are not finite, or there
 * are too few points.
 */
export async function analyseEmbedding(task: AnalysisTask): Promise<EmbeddingAnalysis> {
  const { embedding, labels, classCount, noClass, groups, score } = task;
  if (noClass === undefined) return analyseLabelled(task);
  const { density } = neighbourhood(embedding, labels.data, score.neighbours);
  const places = Int32Array.from(labels.data.keys());
  const [known, unknown] = [
    places.filter(i => labels.data[i] !== noClass),
    places.filter(i => labels.data[i] === noClass),
  ];
  const analysis = {
    predicted: labels.data.slice(),
    disagreement: new Float32Array(labels.data.length),
    density,
    silhouette: new Float32Array(labels.data.length),
  };
  const none = { ...analysis, confusion: [], classSilhouettes: [] };
  const own = { embedding: takeRows(embedding, known), labels: takeRows(labels, known) };
  if (!isScored(own.labels.data)) return none;
  const part = await analyseLabelled({
    ...own,
    classCount,
    groups: groups && known.map(i => groups[i]),
    score,
  });
  known.forEach((image, i) => {
    analysis.predicted[image] = part.predicted[i];
    analysis.disagreement[image] = part.disagreement[i];
    analysis.silhouette[image] = part.silhouette[i];
  });
  const split = { trainIndices: known, testIndices: unknown };
  const { predicted } = knnPredictions(embedding, labels.data, { ...score, split });
  unknown.forEach((image, i) => {
    analysis.predicted[image] = predicted[i];
  });
  return {
    ...analysis,
    confusion: part.confusion.slice(0, noClass).map(row => row.slice(0, noClass)),
    classSilhouettes: part.classSilhouettes.slice(0, noClass),
  };
}

async function analyseLabelled({
  embedding,
  labels,
  classCount,
  groups,
  score,
}: AnalysisTask): Promise<EmbeddingAnalysis> {
  const silhouette = Float32Array.from(await silhouetteSamples(embedding, labels.data));
  return {
    ...neighbourhood(embedding, labels.data, score.neighbours),
    silhouette,
    confusion: confusionOf({ embedding, labels, classCount, groups, score }),
    classSilhouettes: meansByClass(silhouette, labels.data, classCount),
  };
}

/** Whether labels can be split for the kNN score and have silhouettes (`stratifiedSplit`, `silhouetteSamples`). */
function isScored(labels: Int32Array): boolean {
  try {
    const { trainIndices } = stratifiedSplit(labels);
    return trainIndices.length > 15 && new Set(labels).size > 1;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function confusionOf({ embedding, labels, classCount, groups, score }: AnalysisTask): number[][] {
  const split = splitFor(labels.data, groups, score);
  const { testIndices, predicted } = knnPredictions(embedding, labels.data, { ...score, split });
  const counts = Array.from({ length: classCount }, () => new Array<number>(classCount).fill(0));
  testIndices.forEach((image, i) => {
    counts[labels.data[image]][predicted[i]]++;
  });
  return counts;
}

function meansByClass(values: Float32Array, labels: Int32Array, classCount: number): (number | null)[] {
  const sums = new Array<number>(classCount).fill(0);
  const counts = new Array<number>(classCount).fill(0);
  values.forEach((value, i) => {
    sums[labels[i]] += value;
    counts[labels[i]]++;
  });
  return sums.map((sum, label) => (counts[label] > 0 ? sum / counts[label] : null));
}
