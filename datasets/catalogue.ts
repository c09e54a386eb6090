// Every dataset that can be read, by name: to add one, write its reader and add a line here.
import { cifar10 } from './cifar10/cifar10-set.ts';
import type { Dataset } from './dataset.ts';
import { leukemia } from './leukemia/leukemia-set.ts';
import * as medMnist from './medmnist/medmnist-sets.ts';
import { pcam16 } from './pcam/pcam-set.ts';
import { shapes } from './synthetic-shapes.ts';

export const datasets = {
  leukemia,
  bloodmnist: medMnist.bloodmnist,
  dermamnist: medMnist.dermamnist,
  pathmnist: medMnist.pathmnist,
  pcam16,
  cifar10,
  breastmnist: medMnist.breastmnist,
  chestmnist: medMnist.chestmnist,
  octmnist: medMnist.octmnist,
  organamnist: medMnist.organamnist,
  organcmnist: medMnist.organcmnist,
  organsmnist: medMnist.organsmnist,
  pneumoniamnist: medMnist.pneumoniamnist,
  retinamnist: medMnist.retinamnist,
  tissuemnist: medMnist.tissuemnist,
  shapes,
} satisfies Record<string, Dataset>;

export type DatasetName = keyof typeof datasets;

/** The dataset of that name; throws `RangeError` that names those there are. */
export function datasetNamed(name: string): Dataset {
  if (Object.hasOwn(datasets, name)) return datasets[name as DatasetName];
  throw new RangeError(`dataset "${name}" is not known; there are ${Object.keys(datasets).join(', ')}`);
}
