// The numbers that the paper prints, each with the place where it stands: arXiv 2402.14566v1 (22 February 2024).

/** A printed number; `sd` is null where the paper prints none. A printed "-0.00" is kept as minus zero. */
export interface PrintedNumber {
  readonly mean: number;
  readonly sd: number | null;
}

/** The paper's datasets, in the order of the columns of Tables 2 and 3. */
export const paperDatasets = ['leukemia', 'bloodmnist', 'dermamnist', 'pathmnist', 'pcam16'] as const;
export type PaperDataset = (typeof paperDatasets)[number];

/** The rows of Tables 2 and 3 in printed order: group and label are the paper's words, the rest is ours. */
export const paperRows = [
  { group: 't-SimCNE', label: 'def. augm.', method: 't-simcne', augmentation: 'default' },
  { group: 't-SimCNE', label: '+ 90° rot.', method: 't-simcne', augmentation: 'rot90' },
  { group: 't-SimCNE', label: '+ rand. rot.', method: 't-simcne', augmentation: 'randrot' },
  { group: 't-SNE of SimCLR', label: 'def. augm.', method: 'simclr-tsne', augmentation: 'default' },
  { group: 't-SNE of SimCLR', label: '+ 90° rot.', method: 'simclr-tsne', augmentation: 'rot90' },
  { group: 't-SNE of SimCLR', label: '+ rand. rot.', method: 'simclr-tsne', augmentation: 'randrot' },
  { group: 't-SNE', label: 'pixel space', method: 'pixels-tsne', augmentation: null },
  { group: 't-SNE', label: 'ResNet18', method: 'resnet18-tsne', augmentation: null },
  { group: 't-SNE', label: 'ResNet152', method: 'resnet152-tsne', augmentation: null },
] as const;

/** Table 1, "Used datasets". Dermamnist is listed with its 7 classes; the scores use 2 (melanocytic nevi or not). */
export const table1 = {
  place: 'Table 1',
  rows: [
    {
      dataset: 'leukemia',
      title: 'Leukemia',
      height: 28,
      width: 28,
      n: 18365,
      classes: 15,
      reference: 'Matek et al. 2019a',
    },
    {
      dataset: 'bloodmnist',
      title: 'Bloodmnist',
      height: 28,
      width: 28,
      n: 17092,
      classes: 8,
      reference: 'Yang et al. 2023',
    },
    {
      dataset: 'dermamnist',
      title: 'Dermamnist',
      height: 28,
      width: 28,
      n: 10015,
      classes: 7,
      reference: 'Yang et al. 2023',
    },
    {
      dataset: 'pathmnist',
      title: 'Pathmnist',
      height: 28,
      width: 28,
      n: 107180,
      classes: 9,
      reference: 'Yang et al. 2023',
    },
    {
      dataset: 'pcam16',
      title: 'PCam16',
      height: 96,
      width: 96,
      n: 327680,
      classes: 2,
      reference: 'Veeling et al. 2018',
    },
  ],
} as const;

/** Table 2: kNN accuracy of the 2-D embeddings in percent, mean and sd of three runs (PCam16: one run). */
export const table2: PaperTable = {
  place: 'Table 2',
  decimals: 1,
  values: [
    row([86.7, 0.5], [90.4, 0.3], [77.3, 0.6], [97.2, 0.2], [92.6]),
    row([94.0, 0.0], [93.0, 0.3], [77.5, 0.3], [98.0, 0.0], [93.1]),
    row([95.2, 0.0], [92.9, 0.1], [80.1, 0.7], [97.3, 0.0], [90.8]),
    row([95.1, 0.2], [93.4, 0.6], [81.8, 0.2], [97.6, 0.1], [95.3]),
    row([95.2, 0.2], [95.8, 0.3], [80.8, 0.5], [97.7, 0.1], [95.5]),
    row([95.3, 0.2], [95.1, 0.2], [82.0, 0.5], [96.9, 0.0], [93.7]),
    row([67.4], [73.2], [78.0], [56.9], [76.9]),
    row([82.2], [78.1], [81.9], [87.2], [86.7]),
    row([72.0], [72.6], [81.0], [88.8], [86.4]),
  ],
};

/** Table 3: silhouette scores of the 2-D embeddings, in the form of Table 2. */
export const table3: PaperTable = {
  place: 'Table 3',
  decimals: 2,
  values: [
    row([0.02, 0.01], [0.4, 0.0], [0.13, 0.01], [0.45, 0.02], [0.04]),
    row([0.13, 0.02], [0.44, 0.03], [0.11, 0.0], [0.48, 0.06], [0.05]),
    row([0.24, 0.02], [0.5, 0.01], [0.13, 0.06], [0.41, 0.03], [0.05]),
    row([-0.03, 0.01], [0.35, 0.0], [0.14, 0.01], [0.14, 0.01], [0.09]),
    row([-0.0, 0.01], [0.33, 0.01], [0.14, 0.01], [0.16, 0.04], [0.1]),
    row([-0.04, 0.01], [0.34, 0.01], [0.14, 0.0], [0.24, 0.01], [0.08]),
    row([-0.17], [0.07], [0.08], [-0.05], [0.02]),
    row([-0.22], [0.13], [0.14], [0.17], [0.04]),
    row([-0.25], [0.03], [0.14], [0.19], [0.05]),
  ],
};

/** The control experiment on natural images: kNN accuracy in percent of t-SimCNE on CIFAR-10. */
export const cifar10Control = {
  place: 'text (no table): CIFAR-10 control',
  images: 60_000,
  withDefaultAugmentations: 89,
  withRotationsAndVerticalFlips: 76,
} as const;

/** The paper's two scores of a row and dataset; of the CIFAR-10 control it prints kNN alone. */
export interface PaperScores {
  readonly knn: PrintedNumber;
  readonly silhouette: PrintedNumber | typeof notPrinted;
}

const notPrinted = { mean: null, sd: null } as const;

/** The scores that the paper prints for one row and dataset, or null where it prints none. */
export function paperScores(
  dataset: string,
  method: string,
  augmentation: string | null,
): PaperScores | null {
  if (dataset === 'cifar10') return controlScores(method, augmentation);
  const column = paperDatasets.indexOf(dataset as PaperDataset);
  const index = paperRows.findIndex(row => row.method === method && row.augmentation === augmentation);
  if (column < 0 || index < 0) return null;
  return { knn: table2.values[index][column], silhouette: table3.values[index][column] };
}

function controlScores(method: string, augmentation: string | null): PaperScores | null {
  const { withDefaultAugmentations, withRotationsAndVerticalFlips } = cifar10Control;
  const means: Record<string, number> = {
    't-simcne/default': withDefaultAugmentations,
    't-simcne/rot90': withRotationsAndVerticalFlips,
  };
  const mean = means[`${method}/${augmentation}`];
  return mean === undefined ? null : { knn: { mean, sd: null }, silhouette: notPrinted };
}

/** One of the paper's tables of scores: `values[row][column]`, rows as `paperRows`, columns as `paperDatasets`. */
export interface PaperTable {
  readonly place: string;
  readonly decimals: number;
  readonly values: readonly (readonly PrintedNumber[])[];
}

type Entry = readonly [mean: number, sd?: number];

function row(...entries: [Entry, Entry, Entry, Entry, Entry]): PrintedNumber[] {
  return entries.map(([mean, sd]) => ({ mean, sd: sd ?? null }));
}
