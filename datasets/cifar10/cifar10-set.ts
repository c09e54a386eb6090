// CIFAR-10 (Krizhevsky, 2009): the paper's control, natural images to which rotations do harm. Size and digests as its page and
// TensorFlow Datasets have them.

import { classColours } from '../class-colours.ts';
import type { Dataset } from '../dataset.ts';
import { openInMemory } from '../image-set.ts';
import { type CifarRules, readCifar10 } from './cifar10.ts';

const names = 'airplane automobile bird cat deer dog frog horse ship truck'.split(' ');
const colours = classColours(names.length);

const rules: Required<CifarRules> = {
  classes: names.map((name, label) => ({ name, short: name, colour: colours[label] })),
  batchSize: 10_000,
  classCounts: names.map(() => 6000),
};

const archive = 'cifar-10-binary.tar.gz';

export const cifar10: Dataset = {
  name: 'cifar10',
  title: 'CIFAR-10',
  task: 'photographs of things and animals, 10 kinds',
  classes: rules.classes,
  count: 60_000,
  imageSize: [32, 32],
  licence: 'none stated',
  citation: 'Krizhevsky, Learning multiple layers of features from tiny images, University of Toronto, 2009',
  files: [
    {
      name: archive,
      dataset: 'cifar10',
      bytes: 170_052_171,
      md5: 'c32a1d4ab5d03f1284b67883e8d87530',
      sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
      firstBytes: 'gzip',
      sources: [
        { kind: 'url', url: `https://www.cs.toronto.edu/~kriz/${archive}` },
        { kind: 'url', url: `https://cave.cs.toronto.edu/kriz/${archive}` },
      ],
    },
  ],
  expectedCounts: rules.classCounts,
  open: async files => openInMemory(await readCifar10(files.get(archive)!, rules)),
};
