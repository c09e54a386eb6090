// The paper's control on natural images: rotations and vertical flips, which help on cells, hurt on CIFAR-10.
//   simcne run cifar10-control     two trainings of 60,000 images, 1,500 epochs each: a GPU's work (`simcne plan cifar10-control`)
//   expected                       kNN 89 % with the default augmentations, 76 % with 90° rotations and vertical flips
import { Experiment } from './experiment.ts';
import { trainingOf } from './paper-training.ts';

export const cifar10Control = Experiment.parse({
  name: 'cifar10-control',
  title: 'CIFAR-10, with and without rotations',
  profile: 'paper',
  about: 'The paper’s control: t-SimCNE on natural images, which have an upside and a downside.',
  methods: ['t-simcne'],
  augmentations: ['default', 'rot90'], // `rot90` holds the vertical flips
  datasets: [
    {
      dataset: 'cifar10',
      imageSize: 32,
      images: 'all',
      seeds: [1], // the text says no number of runs
      training: trainingOf({ stem: 'small', width: 64 }, 1024), // as for the other small images; the text names nothing else
    },
  ],
  pretrainedWeights: 'imagenet',
});
