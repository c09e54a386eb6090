// The paper's nine rows on BloodMNIST, scaled to some ten minutes on two cores with AVX-512, twenty without: what `npm start` runs.
//   simcne run quick
//   expected                  with 90° rotations t-SimCNE and SimCLR + t-SNE some 4 points of kNN above t-SNE of the pixels (one
//                             standard error: 2.6), their silhouettes at least 0.10 above; how it was chosen: reports/findings.md
import { Experiment } from './experiment.ts';
import { augmentationSets, methods } from './names.ts';
import { learningRateFor, trainingOf } from './paper-training.ts';

const training = trainingOf({ stem: 'small-stride2', width: 16 }, 256, {
  tsimcne: [24, 3, 5],
  simclr: 34,
  warmUp: 2,
});

export const quick = Experiment.parse({
  name: 'quick',
  title: 'BloodMNIST in some ten minutes',
  profile: 'scaled',
  about: 'Every row of the paper’s tables for BloodMNIST, one seed, scaled down to a small machine.',
  methods: [...methods],
  augmentations: [...augmentationSets],
  datasets: [
    {
      dataset: 'bloodmnist',
      imageSize: 28,
      images: 3000,
      seeds: [1],
      training: {
        ...training,
        // In so few epochs SimCLR learns more at the rate of twice the batch (reports/findings.md).
        'simclr-tsne': { ...training['simclr-tsne'], learningRate: learningRateFor(512) },
      },
    },
  ],
  pretrainedWeights: 'imagenet',
});
