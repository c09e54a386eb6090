// What bfloat16 costs in accuracy: the trainings of `quick` with 90° rotations, in that precision, over three seeds.
//   simcne run quick-bfloat16          some ten minutes on two cores that multiply bfloat16 (avx512_bf16)
//   simcne compare quick quick-bfloat16
//   expected                           kNN about a point below that of `quick`: 0.9 ± 0.9 over eight seeds of t-SimCNE (reports/findings.md)
import { Experiment, type TrainingTemplate } from './experiment.ts';
import { quick } from './quick.ts';

const inBfloat16 = (training: TrainingTemplate): TrainingTemplate => ({ ...training, precision: 'bfloat16' });

export const quickBfloat16 = Experiment.parse({
  ...quick,
  name: 'quick-bfloat16',
  title: 'BloodMNIST in some ten minutes, trained in bfloat16',
  about: 'The trained rows of `quick` with 90° rotations, in numbers of 16 bits, over three seeds.',
  methods: ['t-simcne', 'simclr-tsne'],
  augmentations: ['rot90'],
  datasets: quick.datasets.map(({ training, ...plan }) => ({
    ...plan,
    seeds: [1, 2, 3],
    training: {
      't-simcne': inBfloat16(training['t-simcne']),
      'simclr-tsne': inBfloat16(training['simclr-tsne']),
    },
  })),
});
