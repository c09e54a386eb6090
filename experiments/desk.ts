// The paper's nine rows on all of BloodMNIST: a quarter of the paper's epochs, half its width, one seed. Between `quick` and `paper`.
//   simcne run desk --detach  some nine hours on two cores that multiply bfloat16 (avx512_bf16), 14 on others; `simcne pause desk` and
//                             `simcne resume desk` while they are wanted for something else
//   cost                      1.1 and 1.6 hours for each training of SimCLR and t-SimCNE, at 1,045 images/s (`simcne bench train --width 32
//                             --stem small-stride2 --precision bfloat16`)
//   expected                  above `quick` in every row, below the paper; t-SimCNE with the higher silhouettes (the paper's claim C3),
//                             t-SNE of SimCLR with the higher kNN (C4)
//   simcne scaling desk       how both grew with the images seen: scores of the snapshots
import { Experiment, type TrainingTemplate } from './experiment.ts';
import { augmentationSets, methods } from './names.ts';
import { learningRateFor, trainingOf } from './paper-training.ts';

const training = trainingOf({ stem: 'small-stride2', width: 32 }, 256, {
  tsimcne: [250, 13, 112],
  simclr: 250,
  warmUp: 3,
  snapshotEvery: 25,
});

/** Half as many epochs again in the same time, for 0.9 ± 0.9 points of kNN (reports/findings.md). */
const inBfloat16 = (template: TrainingTemplate): TrainingTemplate => ({ ...template, precision: 'bfloat16' });

export const desk = Experiment.parse({
  name: 'desk',
  title: 'All of BloodMNIST in some nine hours',
  profile: 'scaled',
  about:
    'Every row of the paper’s tables for BloodMNIST on all of its images: a narrower network, a quarter of the epochs, one seed.',
  methods: [...methods],
  augmentations: [...augmentationSets],
  datasets: [
    {
      dataset: 'bloodmnist',
      imageSize: 28,
      images: 'all',
      seeds: [1],
      training: {
        't-simcne': inBfloat16(training['t-simcne']),
        // As in `quick`, SimCLR takes the rate of the paper's batch of 512.
        'simclr-tsne': { ...inBfloat16(training['simclr-tsne']), learningRate: learningRateFor(512) },
      },
    },
  ],
  pretrainedWeights: 'imagenet',
});
