// Images that were never seen in training, through a cell's trained network (out of sample), prepared as the training's were.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Artifact, Store } from '../artifacts/store.ts';
import type { LevelRange } from '../datasets/own/levels.ts';
import { openFit, storedRange } from '../datasets/own/stored-images.ts';
import { resizeBicubic } from '../datasets/resize.ts';
import type { Cell } from '../experiments/experiment.ts';
import { isTrained } from '../experiments/names.ts';
import type { StepName, StepOf } from '../experiments/steps.ts';
import { type EmbeddedBatch, embed } from '../learning/embed.ts';
import { readWeights } from '../learning/pretrained-features.ts';
import { joinRows, type NdArray, ndarray } from '../numeric/arrays/array.ts';
import { openRows } from '../numeric/arrays/npy-file.ts';
import { networkFile } from './artifact-files.ts';
import { currentRecord } from './current-record.ts';
import { contentFolder } from './own-sets.ts';

/** The cell cannot embed new images: it has no trained network, or was not run yet. */
export class NotTrained extends Error {
  override name = 'NotTrained';
}

/** Images `[b, height, width, 3]` of any size, as they come. */
export type ImageBlocks = AsyncIterable<NdArray<Uint8Array>> | Iterable<NdArray<Uint8Array>>;

/** `images` → embedding `[n, 2]` (t-SimCNE). */
export async function embedNewImages(
  store: Store,
  cell: Cell,
  images: ImageBlocks,
): Promise<NdArray<Float32Array>> {
  if (cell.method !== 't-simcne') {
    const place = `${cell.experiment}/${cell.address}`;
    throw new NotTrained(`${place}: only t-SimCNE maps new images to two dimensions; t-SNE cannot`);
  }
  const network = await openNetwork(store, cell);
  const batches: NdArray<Float32Array>[] = [];
  for await (const { embedding } of network(images)) batches.push(embedding);
  return joinRows(batches);
}

/** The trained network of a cell, which prepares what it is given as its training's images were. */
export async function openNetwork(
  store: Store,
  cell: Cell,
): Promise<(images: ImageBlocks) => AsyncGenerator<EmbeddedBatch>> {
  const place = `${cell.experiment}/${cell.address}`;
  if (!isTrained(cell.method)) throw new NotTrained(`${place}: no network was trained for this cell`);
  const trained = await trainedNetwork(store, cell);
  if (!trained) throw new NotTrained(`${place} is not trained yet; "simcne rerun ${place}" does it`);
  const { settings } = stepOf(cell, 'train');
  const { imageSize } = stepOf(cell, 'prepare').settings;
  const weights = readWeights(await readFile(path.join(trained.folder, networkFile)));
  const fitting = await fittingOf(store, cell);
  return async function* (images) {
    for await (const some of atSize(images, fitting, imageSize))
      yield* embed(weights, openRows(some), settings);
  };
}

/** Images of a set that somebody brought were made to fit before they were resized: new ones are, too. */
async function fittingOf(
  store: Store,
  cell: Cell,
): Promise<(image: NdArray<Uint8Array>) => NdArray<Uint8Array>> {
  const { dataset: name, content } = stepOf(cell, 'fetch').settings;
  if (content === undefined) return image => image;
  return openFit(contentFolder(store.folder, { name, content }));
}

/** How new images of more than 8 bits are seen: as the set's own were; undefined where that had none. */
export async function levelRangeOf(store: Store, cell: Cell): Promise<LevelRange | undefined> {
  const { dataset: name, content } = stepOf(cell, 'fetch').settings;
  return content === undefined ? undefined : storedRange(contentFolder(store.folder, { name, content }));
}

async function trainedNetwork(store: Store, cell: Cell): Promise<Artifact | undefined> {
  const record = await currentRecord(store.folder, cell);
  const training = record?.steps.find(({ step }) => step === 'train');
  return training && store.find(training.key);
}

function stepOf<Name extends StepName>(cell: Cell, name: Name): StepOf<Name> {
  return cell.steps.find(({ step }) => step === name) as StepOf<Name>;
}

const atOnce = 2048; // images of the network's size

/** The images made to fit and resized as they come: some `[b, size, size, 3]`. */
async function* atSize(
  images: ImageBlocks,
  fitting: (image: NdArray<Uint8Array>) => NdArray<Uint8Array>,
  size: number,
): AsyncGenerator<NdArray<Uint8Array>> {
  let resized: NdArray<Uint8Array>[] = [];
  for await (const block of images) {
    const rows = openRows(block);
    for (let i = 0; i < block.shape[0]; i++) {
      const row = rows.read(i, i + 1);
      const image = fitting(ndarray(row.data, block.shape.slice(1)));
      const [height, width] = image.shape;
      const { data } = height === size && width === size ? image : resizeBicubic(image, size);
      resized.push(ndarray(Uint8Array.from(data), [1, size, size, 3])); // a copy: the block is another's
      if (resized.length < atOnce) continue;
      yield joinRows(resized);
      resized = [];
    }
  }
  if (resized.length > 0) yield joinRows(resized);
}
