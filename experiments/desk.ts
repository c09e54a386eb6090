// The paper's nine rows on the whole of BloodMNIST, three seeds, in one night on two cores: between `quick` and `paper`.
//   simcne run desk           about 10 hours; goes on where it was stopped. Piece by piece: `--method t-simcne --augmentation rot90`
//   cost                      18 trainings × 80 epochs × 17,092 images at about 700 images/s (`simcne bench train --width 32
//                             --stem small-stride2`): half an hour each
//   expected                  above `quick` in every row (kNN 68 to 76 %), below the paper (73 to 96 %)
import { Experiment } from './experiment.ts';
import { augmentationSets, methods } from './names.ts';
import { trainingOf } from './paper-training.ts';

export const desk = Experiment.parse({
  name: 'desk',
  title: 'All of BloodMNIST in one night',
  profile: 'scaled',
  about:
    'Every row of the paper’s tables for BloodMNIST: all images and three seeds as in the paper, a narrower network, fewer epochs.',
  methods: [...methods],
  augmentations: [...augmentationSets],
  datasets: [
    {
      dataset: 'bloodmnist',
      imageSize: 28,
      images: 'all',
      seeds: [1, 2, 3],
      // Half the paper's width; with stride 1 the same night would hold a fifth of the epochs (reports/findings.md).
      training: trainingOf({ stem: 'small-stride2', width: 32 }, 256, {
        tsimcne: [62, 4, 14],
        simclr: 80,
        warmUp: 4,
      }),
    },
  ],
  pretrainedWeights: 'imagenet',
});
