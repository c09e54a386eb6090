// Images that were never seen in training, one by one: where a cell's network puts them, and which of its images they are like.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Artifact, Store } from '../artifacts/store.ts';
import type { Cell } from '../experiments/experiment.ts';
import { type NdArray, ndarray } from '../numeric/arrays/array.ts';
import { decodeNpy } from '../numeric/arrays/npy.ts';
import { median } from '../numeric/median.ts';
import { nearestRows } from '../numeric/neighbours/nearest-rows.ts';
import { currentRecord } from './current-record.ts';
import { NotTrained, openNetwork } from './embed-new-images.ts';

/** Where a new image lies, and the images of the cell that are nearest in feature space, nearest first. */
export interface NewImagePlace {
  x: number;
  y: number;
  /** `network`: t-SimCNE maps any image. `neighbours`: t-SNE maps none; the median of the nearest ones' places stands for it. */
  by: 'network' | 'neighbours';
  neighbours: number[];
}

const neighbourCount = 12;

/**
 * Opens a trained cell; what is given back takes an image `[height, width, 3]` of any size, and prepares it as `simcne embed` does.
 * @throws NotTrained where the cell has no trained network, or is not made yet
 */
export async function openNewImages(
  store: Store,
  cell: Cell,
): Promise<(image: NdArray<Uint8Array>) => Promise<NewImagePlace>> {
  const network = await openNetwork(store, cell);
  const artifact = await artifactsOf(store, cell);
  const features = await readFloats(await artifact('embed'), 'features.npy');
  const places = await readFloats(
    await artifact(cell.method === 't-simcne' ? 'embed' : 'tsne'),
    'embedding.npy',
  );
  return async image => {
    const { value: found } = await network([ndarray(image.data, [1, ...image.shape])]).next();
    const neighbours = nearestRows(features, found.features.data, neighbourCount);
    if (cell.method === 't-simcne') {
      const [x, y] = found.embedding.data;
      return { x, y, by: 'network', neighbours };
    }
    const middle = (axis: number) => median(neighbours.map(one => places.data[2 * one + axis]))!;
    return { x: middle(0), y: middle(1), by: 'neighbours', neighbours };
  };
}

/** Gives the artifact that a step of the cell left. */
async function artifactsOf(store: Store, cell: Cell): Promise<(step: string) => Promise<Artifact>> {
  const record = await currentRecord(store.folder, cell);
  return async step => {
    const made = record?.steps.find(one => one.step === step);
    const artifact = made && (await store.find(made.key));
    if (artifact) return artifact;
    const place = `${cell.experiment}/${cell.address}`;
    throw new NotTrained(`${place}: its ${step} is not there; "simcne rerun ${place}" makes it`);
  };
}

async function readFloats({ folder }: Artifact, file: string): Promise<NdArray<Float32Array>> {
  return decodeNpy(await readFile(path.join(folder, file))) as NdArray<Float32Array>;
}
