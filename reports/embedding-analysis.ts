// What can be said of an embedding beyond its two scores: point by point, and class by class.
import { knnPredictions } from '../numeric/knn-accuracy.ts';
import { neighbourhood } from '../numeric/neighbourhood.ts';
import { silhouetteSamples } from '../numeric/silhouette.ts';
import type { EmbeddedCell } from './figures/embedding.ts';

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
  /** As the cell's kNN accuracy was made. */
  readonly score: { readonly neighbours?: number; readonly testFraction?: number; readonly seed?: number };
};

/**
 * Quadratic in the number of points, on threads where there are many. Throws `RangeError` where the embedding holds values
 * that are not finite, or there are too few points.
 */
export async function analyseEmbedding({
  embedding,
  labels,
  classCount,
  score,
}: AnalysisTask): Promise<EmbeddingAnalysis> {
  const silhouette = Float32Array.from(await silhouetteSamples(embedding, labels.data));
  return {
    ...neighbourhood(embedding, labels.data, score.neighbours),
    silhouette,
    confusion: confusionOf({ embedding, labels, classCount, score }),
    classSilhouettes: meansByClass(silhouette, labels.data, classCount),
  };
}

function confusionOf({ embedding, labels, classCount, score }: AnalysisTask): number[][] {
  const { testIndices, predicted } = knnPredictions(embedding, labels.data, score);
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
