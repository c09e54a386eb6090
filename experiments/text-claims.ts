// What the paper's text says of its numbers, as checks that any table of scores can be put to.
import type { Metric } from './paper-claims.ts';

/** A row of the table: `dataset/method/augmentation`, or `dataset/method`. */
export type RowAddress = string;

/** A relation between means; kNN in percent. */
export type Check =
  /** Each row's score is above the one before. */
  | { readonly kind: 'ascending'; readonly metric: Metric; readonly rows: readonly RowAddress[] }
  /** The row's score is the highest of its dataset. */
  | { readonly kind: 'highest'; readonly metric: Metric; readonly row: RowAddress }
  /** The best row of one method is at least as good as the best of another. */
  | {
      readonly kind: 'best-of';
      readonly metric: Metric;
      readonly dataset: string;
      readonly better: string;
      readonly worse: string;
    }
  /** All rows of a dataset score between two numbers. */
  | {
      readonly kind: 'within';
      readonly metric: Metric;
      readonly dataset: string;
      readonly low: number;
      readonly high: number;
    }
  /** One row's score lies below another's by so much. */
  | {
      readonly kind: 'drop';
      readonly metric: Metric;
      readonly from: RowAddress;
      readonly to: RowAddress;
      readonly by: number;
      readonly tolerance: number;
    };

export interface TextClaim {
  readonly id: string;
  readonly statement: string;
  /** Empty where the claim is about a picture, not about scores. */
  readonly checks: readonly Check[];
  /** Where the claim does not sit well with the paper's own numbers, or where else it can be seen. */
  readonly remark?: string;
}

/** A tenth of Dermamnist is 1,002 images: two binomial standard errors of 80 % are 2.5 points. */
const dermaNoise = 2.5;

/** In the order of the text (section 5). */
export const textClaims: readonly TextClaim[] = [
  {
    id: 'C1',
    statement: 'Leukemia: t-SNE of the pixels separates little, pretrained features more, t-SimCNE most',
    checks: [
      {
        kind: 'ascending',
        metric: 'knn',
        rows: ['leukemia/pixels-tsne', 'leukemia/resnet18-tsne', 'leukemia/t-simcne/default'],
      },
    ],
  },
  {
    id: 'C2',
    statement: 'Leukemia: 90° rotations improve t-SimCNE, rotations by any angle improve it further',
    checks: (['knn', 'silhouette'] as const).map(metric => ({
      kind: 'ascending',
      metric,
      rows: ['leukemia/t-simcne/default', 'leukemia/t-simcne/rot90', 'leukemia/t-simcne/randrot'],
    })),
  },
  {
    id: 'C3',
    statement: 'Microscopy: t-SimCNE with random rotations has by far the best silhouette',
    checks: ['leukemia', 'bloodmnist'].map(dataset => ({
      kind: 'highest',
      metric: 'silhouette',
      row: `${dataset}/t-simcne/randrot`,
    })),
    remark:
      '"performed the best" holds for the silhouette only: on Bloodmnist kNN of 90° rotations is 93.0 ± 0.3, of random rotations 92.9 ± 0.1',
  },
  {
    id: 'C4',
    statement:
      'Microscopy: t-SNE of SimCLR has slightly higher kNN and a much lower silhouette than t-SimCNE',
    checks: ['leukemia', 'bloodmnist'].flatMap(dataset => [
      { kind: 'best-of', metric: 'knn', dataset, better: 'simclr-tsne', worse: 't-simcne' },
      { kind: 'best-of', metric: 'silhouette', dataset, better: 't-simcne', worse: 'simclr-tsne' },
    ]),
    remark:
      'on Leukemia SimCLR reaches 95.1 % with the default augmentations: there rotations matter for t-SimCNE only',
  },
  {
    id: 'C5',
    statement: 'Pathmnist: t-SimCNE with 90° rotations has the highest kNN and the highest silhouette',
    checks: (['knn', 'silhouette'] as const).map(metric => ({
      kind: 'highest',
      metric,
      row: 'pathmnist/t-simcne/rot90',
    })),
  },
  {
    id: 'C6',
    statement: 'PCam16: t-SNE of SimCLR has slightly higher kNN, and all silhouettes are near zero',
    checks: [
      { kind: 'best-of', metric: 'knn', dataset: 'pcam16', better: 'simclr-tsne', worse: 't-simcne' },
      // the highest that is printed is 0.10: up to half a unit above it
      { kind: 'within', metric: 'silhouette', dataset: 'pcam16', low: -0.105, high: 0.105 },
    ],
  },
  {
    id: 'C7',
    statement: 'Dermamnist: all methods are similarly poor (majority class: 66.95 %)',
    checks: [
      {
        kind: 'within',
        metric: 'knn',
        dataset: 'dermamnist',
        low: 77.3 - dermaNoise,
        high: 82.0 + dermaNoise,
      },
    ],
  },
  {
    id: 'C8',
    statement: 'CIFAR-10: rotations and vertical flips hurt, kNN falls from 89 to 76 %',
    checks: [
      {
        kind: 'drop',
        metric: 'knn',
        from: 'cifar10/t-simcne/default',
        to: 'cifar10/t-simcne/rot90',
        by: 13,
        tolerance: 3, // half a point of rounding twice, and two binomial standard errors of four accuracies on 6,000 images
      },
    ],
  },
  {
    id: 'C9',
    statement: 'Leukemia: the erythroblasts (EBO), 78 images, are well separated',
    checks: [],
    remark: 'seen on the page of a cell: silhouette and confusion of the class EBO (Figure 2d)',
  },
  {
    id: 'C10',
    statement: 'Pathmnist: debris forms three subsets, one of another staining colour',
    checks: [],
    remark: 'seen in the embedding with its images (Figure 4)',
  },
  {
    id: 'C11',
    statement: 'PCam16: the embedding is ordered by staining',
    checks: [],
    remark: 'seen in the embedding with its images (Figure 5b)',
  },
];
