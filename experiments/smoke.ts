// Every kind of step once, on images that the code draws, in under a minute: the integration test.
//   simcne run smoke
import { Experiment } from './experiment.ts';
import { trainingOf } from './paper-training.ts';

export const smoke = Experiment.parse({
  name: 'smoke',
  title: 'Every kind of step on synthetic shapes',
  profile: 'smoke',
  about: 'Seeded images of three visible classes; its numbers say nothing about the paper.',
  methods: ['t-simcne', 'simclr-tsne', 'pixels-tsne', 'resnet18-tsne'],
  augmentations: ['rot90'],
  datasets: [
    {
      dataset: 'shapes',
      imageSize: 28,
      images: 240,
      seeds: [1],
      training: trainingOf({ stem: 'small-stride2', width: 8 }, 128, {
        tsimcne: [3, 2, 2],
        simclr: 3,
        warmUp: 1,
        snapshotEvery: 2,
      }),
    },
  ],
  pretrainedWeights: 'random',
});
