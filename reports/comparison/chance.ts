// Whether two rows' kNN accuracies differ by more than chance: both are asked about the same test images, one by one (a paired bootstrap).
import { takeRows } from '../../numeric/arrays/array.ts';
import { Random } from '../../numeric/random.ts';
import { type Interval, meanInterval } from '../../numeric/scores/bootstrap.ts';
import { splitFor } from '../../numeric/scores/grouped-split.ts';
import { knnPredictions } from '../../numeric/scores/knn-accuracy.ts';
import type { CellResult, DatasetResult } from '../result.ts';

/** 95 % intervals of kNN accuracies in percent, and of their difference, over other draws of test images. */
export interface Chance {
  /** Images that were tested. */
  readonly tested: number;
  readonly a: Interval;
  readonly b: Interval;
  readonly difference: Interval;
  /** Whether the difference is larger than chance: its interval is on one side of 0. */
  readonly isLarger: boolean;
}

interface Row {
  readonly cells: readonly CellResult[];
  readonly dataset: DatasetResult | undefined;
}

/**
 * Compares what the cells of two rows (a cell a seed; the mean over seeds counts) predict; null where they were not made of the same
 * images, are not scored in the same way, or have no embedding here.
 */
export function chanceOf(a: Row, b: Row): Chance | null {
  const scoring = scoringOf(a);
  if (scoring === undefined || scoring !== scoringOf(b)) return null;
  const predicted = [a, b].map(correctness);
  const [left, right] = predicted.map(({ percent }) => percent);
  const { groups } = predicted[0];
  const interval = (values: Float64Array) =>
    meanInterval(values, new Random(0).fork('bootstrap'), { groups });
  const difference = interval(right.map((value, i) => value - left[i]));
  return {
    tested: left.length,
    ...{ a: interval(left), b: interval(right), difference },
    isLarger: difference.low > 0 || difference.high < 0,
  };
}

/** What must be the same of two rows: the images, and how their embeddings are scored. */
function scoringOf({ cells, dataset }: Row): string | undefined {
  const all = cells.map(({ steps, embedding }) => {
    const digestOf = (name: string) => steps.find(({ step }) => step === name)?.digest;
    const settings = steps.find(({ step }) => step === 'score')?.settings;
    return embedding && settings ? JSON.stringify([digestOf('prepare'), settings]) : undefined;
  });
  const [first] = all;
  return dataset && all.every(one => one === first) ? first : undefined;
}

/** How often, in percent of a row's cells, each tested image's class is predicted; and the groups of the tested images. */
function correctness({ cells, dataset }: Row): { percent: Float64Array; groups?: Int32Array } {
  const all = cells[0].labels!.data;
  const known = Int32Array.from(all.keys()).filter(i => all[i] !== dataset?.noClass);
  const labels = known.map(i => all[i]);
  const groups = dataset?.groups && known.map(i => dataset.groups![i]);
  const settings = cells[0].steps.find(({ step }) => step === 'score')!.settings as object;
  const split = splitFor(labels, groups, settings);
  const percent = new Float64Array(split.testIndices.length);
  for (const { embedding } of cells) {
    const { testIndices, predicted } = knnPredictions(takeRows(embedding!, known), labels, {
      ...settings,
      split,
    });
    predicted.forEach((label, i) => {
      if (label === labels[testIndices[i]]) percent[i] += 100 / cells.length;
    });
  }
  return { percent, groups: groups && split.testIndices.map(i => groups[i]) };
}
