// The paper: Tables 2 and 3, five data sets × nine rows, three seeds (PCam16: one run).
//   simcne run paper          some 800 GPU hours on the paper’s card by count and assumption; `simcne plan paper` derives it
//   expected                  experiments/paper-numbers.ts
import { type DatasetPlan, Experiment } from './experiment.ts';
import { augmentationSets, methods } from './names.ts';
import { trainingOf } from './paper-training.ts';

const small = (dataset: string): DatasetPlan => ({
  dataset,
  imageSize: 28, // Table 1
  images: 'all', // all splits together: Table 1's sizes
  seeds: [1, 2, 3], // "means ± standard deviations over three runs": Table 2
  training: trainingOf({ stem: 'small', width: 64 }, 1024), // ResNet18 with a 3×3 stem, batch 1024: section 3
});

export const paper = Experiment.parse({
  name: 'paper',
  title: 'Self-supervised Visualisation of Medical Image Datasets (Tables 2 and 3)',
  profile: 'paper',
  about: 'Every row of the paper’s Tables 2 and 3 with the paper’s own settings.',
  methods: [...methods],
  augmentations: [...augmentationSets],
  datasets: [
    small('leukemia'),
    small('bloodmnist'),
    small('dermamnist'),
    small('pathmnist'),
    {
      ...small('pcam16'),
      imageSize: 96,
      seeds: [1], // "only one run due to its large size": Table 2
      // Batch 512 and an unmodified ResNet18, as printed; the public script has the small-image network.
      training: trainingOf({ stem: 'imagenet', width: 64 }, 512),
    },
  ],
  pretrainedWeights: 'imagenet',
});
