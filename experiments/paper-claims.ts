// The paper's printed scores as claims: each with how far a faithful repetition may lie from it, and why.
import {
  cifar10Control,
  type PaperTable,
  paperDatasets,
  paperRows,
  table1,
  table2,
  table3,
} from './paper-numbers.ts';

export type Metric = 'knn' | 'silhouette';

/** One printed score: kNN accuracy in percent, or silhouette. */
export interface PrintedClaim {
  readonly place: string;
  readonly dataset: string;
  readonly method: string;
  readonly augmentation: string | null;
  readonly metric: Metric;
  readonly mean: number;
  /** Of the mean; null where none is printed. */
  readonly sd: number | null;
  /** Training runs behind the mean. */
  readonly runs: number;
  /** Decimals that are printed. */
  readonly decimals: number;
  /** Images that the kNN accuracy was tested on: a tenth, rounded up. */
  readonly testImages: number;
}

/** All printed scores: Tables 2 and 3, and the CIFAR-10 control of the text. */
export const printedClaims: readonly PrintedClaim[] = [
  ...claimsOf(table2, 'knn'),
  ...claimsOf(table3, 'silhouette'),
  ...controlClaims(),
];

/** The claim about one score, or undefined where the paper prints none. */
export function printedClaim(
  dataset: string,
  method: string,
  augmentation: string | null,
  metric: Metric,
): PrintedClaim | undefined {
  return printedClaims.find(
    claim =>
      claim.dataset === dataset &&
      claim.method === method &&
      claim.augmentation === augmentation &&
      claim.metric === metric,
  );
}

/** How many standard errors a mean may be off: by chance about one claim in twenty lies further, 4 or 5 of the 92. */
const standardErrors = 2;

/**
 * How far the mean of `runs` of our trainings may lie from the printed one: two standard errors of the difference, and half a
 * unit of the last printed decimal. The errors are
 * - between trainings: sd · √(1 / their runs + 1 / ours). Three runs know an sd only within a factor of two (five cells print
 *   "± 0.0"), so a cell's counts no less than the table's pooled one; where none is printed the pooled one stands for it (t-SNE
 *   alone moves as much: two seeds on 4,000 images gave silhouettes of 0.030 and 0.052);
 * - of the test part (kNN only): binomial, √(p (1 − p) / n) for theirs and again for ours. The printed sd does not hold it, as
 *   the split is fixed, and the two parts need not be the same images: the data's order is not stated, and the authors'
 *   code has two splits (`tsimcne/eval/knn.py` seed 0, `evaluation/eval.py` seed 4444).
 */
export function toleranceOf(claim: PrintedClaim, runs: number): number {
  const { mean, metric, testImages } = claim;
  const sd = Math.max(claim.sd ?? 0, pooledSd[metric]);
  const betweenTrainings = sd ** 2 * (1 / claim.runs + 1 / runs);
  const ofTestPart = metric === 'knn' ? (2 * mean * (100 - mean)) / testImages : 0;
  return standardErrors * Math.sqrt(betweenTrainings + ofTestPart) + 0.5 * 10 ** -claim.decimals;
}

/** Root mean square of the sds that a table prints: 0.33 points of kNN, 0.023 of silhouette. */
export const pooledSd: Readonly<Record<Metric, number>> = {
  knn: rootMeanSquare(sdsOf(table2)),
  silhouette: rootMeanSquare(sdsOf(table3)),
};

function claimsOf({ place, decimals, values }: PaperTable, metric: Metric): PrintedClaim[] {
  return paperRows.flatMap(({ method, augmentation }, row) =>
    paperDatasets.map((dataset, column) => ({
      ...{ place, dataset, method, augmentation, metric, decimals },
      ...values[row][column],
      runs: values[row][column].sd === null ? 1 : 3,
      testImages: Math.ceil(0.1 * table1.rows[column].n),
    })),
  );
}

function controlClaims(): PrintedClaim[] {
  const { place, images, withDefaultAugmentations, withRotationsAndVerticalFlips } = cifar10Control;
  const claim = (augmentation: string, mean: number): PrintedClaim => ({
    ...{ place, dataset: 'cifar10', method: 't-simcne', augmentation, metric: 'knn', mean, sd: null },
    ...{ runs: 1, decimals: 0, testImages: Math.ceil(0.1 * images) }, // a number of runs is not stated
  });
  return [claim('default', withDefaultAugmentations), claim('rot90', withRotationsAndVerticalFlips)];
}

function sdsOf({ values }: PaperTable): number[] {
  return values.flat().flatMap(({ sd }) => sd ?? []);
}

function rootMeanSquare(numbers: readonly number[]): number {
  return Math.sqrt(numbers.reduce((sum, number) => sum + number ** 2, 0) / numbers.length);
}
