// What can be fetched by name, data sets and pretrained weights, and how each stands: a line of `data list`.
import { access } from 'node:fs/promises';
import { weightsFile } from '../../../../activities/artifact-files.ts';
import { arrivalOf, type WantedFile } from '../../../../activities/bring-files.ts';
import { ownSetNamed } from '../../../../activities/own-sets.ts';
import { recipeOf } from '../../../../activities/recipe-of.ts';
import type { Manifest } from '../../../../artifacts/manifest.ts';
import { keyOf } from '../../../../artifacts/recipe.ts';
import type { Store } from '../../../../artifacts/store.ts';
import { datasets } from '../../../../datasets/catalogue.ts';
import type { Dataset } from '../../../../datasets/dataset.ts';
import { pretrainedWeights } from '../../../../datasets/pretrained-weights.ts';
import type { Step } from '../../../../experiments/steps.ts';
import { storeFolder } from '../../../home.ts';
import { UsageError } from '../../usage-error.ts';

/** Something that can be fetched: its step, and the name under which the step keeps each file. */
export interface Fetchable {
  name: string;
  title: string;
  /** Undefined for weights. */
  dataset?: Dataset;
  step: Step;
  files: readonly WantedFile[];
}

/** One entry of `{datasets: […]}`. */
export interface DatasetLine {
  name: string;
  title: string;
  /** `here`, `not fetched`, `drawn` (needs no file), `own` (added with `data add`), `lost` (its files are gone). */
  state: string;
  /** Images; null for weights. */
  n: number | null;
  classes: string[] | null;
  /** Images without a class, and the names of columns, of images of one's own. */
  unlabelled?: number;
  columns?: string[];
  /** The column of groups; images that are copies of others, and those of them that are tested against a copy. */
  group?: string;
  copies?: number;
  testedCopies?: number;
  /** Height and width in pixels; null for weights, and where images are of various sizes. */
  imageSize: readonly [number, number] | null;
  /** Where it is kept; null where it is not here. */
  folder: string | null;
  files: FileLine[];
}

/** A file of a data set: what is published of it, or of a file of unknown digest, what was seen. */
export interface FileLine {
  name: string;
  /** `here`; `arrived`, and waiting for the other files of the set; `not fetched`; `lost`, of images of one's own. */
  state: string;
  sha256?: string;
  md5?: string;
  bytes?: number;
}

/** Everything that can be fetched, data sets first. */
export function fetchables(): Fetchable[] {
  const sets = Object.entries<Dataset>(datasets).map(
    ([name, dataset]): Fetchable => ({
      name,
      title: dataset.title,
      dataset,
      step: { step: 'fetch', settings: { dataset: name }, inputs: {} },
      files: dataset.files.map(source => ({ source, keptAs: source.name })),
    }),
  );
  const weights = (['resnet18', 'resnet152'] as const).map(
    (network): Fetchable => ({
      name: network,
      title: `${network}, ImageNet weights (torchvision IMAGENET1K_V1)`,
      step: { step: 'fetch-weights', settings: { network, weights: 'imagenet' }, inputs: {} },
      files: [{ source: pretrainedWeights[network], keptAs: weightsFile }],
    }),
  );
  return [...sets, ...weights];
}

/** What can be fetched under that name; throws `UsageError` that names what there is. */
export function fetchableNamed(name: string): Fetchable {
  const all = fetchables();
  const found = all.find(one => one.name === name);
  if (found) return found;
  if (ownSetNamed(storeFolder(), name)) {
    throw new UsageError(
      `"${name}" are images of your own: "simcne data add" takes them in, nothing is fetched`,
    );
  }
  throw new UsageError(`data "${name}" is not known; there are ${all.map(one => one.name).join(', ')}`);
}

/** How it stands in this store. */
export async function datasetLine(
  { name, title, dataset, step, files }: Fetchable,
  store: Store,
): Promise<DatasetLine> {
  const key = keyOf(recipeOf(step, {}));
  const found = await store.find(key);
  const lines = files.map(file => fileLine(file, found?.manifest.files, store.checkpointFolder(key)));
  return {
    name,
    title,
    state: files.length === 0 ? 'drawn' : found ? 'here' : 'not fetched',
    n: dataset?.count ?? null,
    classes: dataset?.classes.map(one => one.name) ?? null,
    imageSize: dataset?.imageSize ?? null,
    folder: found?.folder ?? null,
    files: await Promise.all(lines),
  };
}

async function fileLine(
  { source, keptAs }: WantedFile,
  kept: Manifest['files'] | undefined,
  checkpointFolder: string,
): Promise<FileLine> {
  const { name, sha256, md5, bytes } = { ...source, ...kept?.[keptAs] };
  const hasArrived = await access(arrivalOf(source, checkpointFolder)).then(
    () => true,
    () => false,
  );
  return { name, state: kept ? 'here' : hasArrived ? 'arrived' : 'not fetched', sha256, md5, bytes };
}
