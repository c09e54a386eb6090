// How images of one's own are stored: levels of all images one after another, the size of each, labels, what else is known of them, and
// a description.
import { open, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { type NdArray, ndarray, sizeOf } from '../../numeric/arrays/array.ts';
import { decodeNpy, encodeNpy } from '../../numeric/arrays/npy.ts';
import { type Split, splitFor } from '../../numeric/scores/grouped-split.ts';
import { distinctColours } from '../class-colours.ts';
import type { ImageClass, OpenDataset } from '../image-set.ts';
import { countCopies, shapeless } from './copies.ts';
import { type Fit, fits, fitted, largestSide } from './fit.ts';
import type { LevelRange } from './levels.ts';
import { groupNumbers, InvalidOwnImages, type OwnImages, whyUnscored } from './own-images.ts';

/** `images.json`, beside `levels.bin`, `sizes.npy` (`[n, 2]`, height and width) and `labels.npy` (`[n]`, −1: no class). */
const Description = z.strictObject({
  classes: z.array(z.string()).readonly(),
  fit: z.enum(fits),
  largestSide: z.number(),
  /** What became level 0 and 255 of images of more than 8 bits. */
  range: z.object({ from: z.number(), to: z.number() }).readonly().optional(),
  /** The column of `known.json` whose words tell groups. */
  group: z.string().optional(),
});

/** `known.json`: where each image comes from, and what else is known of it. It stays where the images are. */
const Known = z.strictObject({
  files: z.array(z.string()).readonly(),
  columns: z.array(z.object({ name: z.string(), values: z.array(z.string()).readonly() })).readonly(),
});
export type Known = z.infer<typeof Known>;

/** What a set is made of, in numbers. */
export interface StoredSummary {
  n: number;
  classes: { name: string; count: number }[];
  /** Images without a class. */
  unlabelled: number;
  /** Names of the columns that are kept with the images. */
  columns: string[];
  /** The one of them that tells groups, which the kNN score's split keeps whole. */
  group?: string;
  /** Images that are copies of others, also turned or mirrored; and those that the score tests and has a copy of to learn from. */
  copies: number;
  testedCopies: number;
  /** Smallest and largest, in pixels. */
  heights: [number, number];
  widths: [number, number];
}

/** Writes a set into an empty folder, every image made to fit; `onProgress` is told how many images are written. */
export async function storeImages(
  images: OwnImages,
  folder: string,
  fit: Fit,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (done: number) => void } = {},
): Promise<StoredSummary> {
  const { labels, classes, files, columns, range, group } = images;
  const sizes = new Int32Array(2 * labels.length);
  const shapes = new Float64Array(labels.length);
  const levels = await open(path.join(folder, 'levels.bin'), 'wx');
  let done = 0;
  try {
    for await (const block of images.blocks(signal)) {
      const { data, shape } = fittedBlock(block, fit);
      const length = sizeOf(shape.slice(1));
      for (let i = 0; i < shape[0]; i++) {
        sizes.set(shape.slice(1, 3), 2 * (done + i));
        shapes[done + i] = shapeless(ndarray(data.subarray(i * length, (i + 1) * length), shape.slice(1)));
      }
      await levels.writeFile(data);
      done += shape[0];
      onProgress?.(done);
    }
  } finally {
    await levels.close();
  }
  const write = (name: string, contents: string | Uint8Array) => writeFile(path.join(folder, name), contents);
  await write('sizes.npy', encodeNpy(ndarray(sizes, [labels.length, 2])));
  await write('labels.npy', encodeNpy(ndarray(labels, [labels.length])));
  const json = (value: unknown) => `${JSON.stringify(value)}\n`;
  const description: z.infer<typeof Description> = { classes, fit, largestSide, range, group };
  await write('images.json', json(description));
  await write('known.json', json({ files, columns } satisfies Known));
  const { copies, across } = countCopies(shapes, scoreSplit(images));
  return {
    ...summary(labels, classes, sizes),
    ...{ columns: columns.map(({ name }) => name), group, copies, testedCopies: across },
  };
}

/** The split of the whole set that a kNN score would make; empty where there is no score. */
function scoreSplit(images: OwnImages): Split {
  if (whyUnscored(images)) return { trainIndices: new Int32Array(), testIndices: new Int32Array() };
  const known = Int32Array.from(images.labels.keys()).filter(i => images.labels[i] >= 0);
  const words = images.columns.findLast(({ name }) => name === images.group)?.values;
  const groups = words && groupNumbers(Array.from(known, i => words[i]));
  const { trainIndices, testIndices } = splitFor(takeFrom(images.labels, known), groups);
  return { trainIndices: takeFrom(known, trainIndices), testIndices: takeFrom(known, testIndices) };
}

function takeFrom(values: Int32Array, places: Int32Array): Int32Array {
  return places.map(place => values[place]);
}

/** Images of one size stay so: what fits one fits all. */
function fittedBlock(block: NdArray<Uint8Array>, fit: Fit): NdArray<Uint8Array> {
  const [n, height, width] = block.shape;
  const length = height * width * 3;
  const images = Array.from({ length: n }, (_, i) =>
    fitted(ndarray(block.data.subarray(i * length, (i + 1) * length), [height, width, 3]), fit),
  );
  const [size] = images.map(({ shape }) => shape);
  if (String(size) === String([height, width, 3])) return block;
  return ndarray(new Uint8Array(Buffer.concat(images.map(({ data }) => data))), [n, ...size]);
}

function summary(
  labels: Int32Array,
  classes: readonly string[],
  sizes: Int32Array,
): Pick<StoredSummary, 'n' | 'classes' | 'unlabelled' | 'heights' | 'widths'> {
  const counts = new Array<number>(classes.length).fill(0);
  let unlabelled = 0;
  for (const label of labels) {
    if (label < 0) unlabelled++;
    else counts[label]++;
  }
  const range = (axis: 0 | 1): [number, number] => {
    let [low, high] = [Infinity, -Infinity];
    for (let i = axis; i < sizes.length; i += 2) {
      low = Math.min(low, sizes[i]);
      high = Math.max(high, sizes[i]);
    }
    return [low, high];
  };
  return {
    n: labels.length,
    classes: classes.map((name, label) => ({ name, count: counts[label] })),
    unlabelled,
    heights: range(0),
    widths: range(1),
  };
}

const blockBytes = 1 << 24; // some thousand small images

/** Opens a stored set as every data set is opened. */
export async function openStoredImages(folder: string): Promise<OpenDataset> {
  const { classes, group } = await describe(folder);
  const groups = group && (await storedKnown(folder))?.columns.findLast(({ name }) => name === group)?.values;
  const array = async (name: string) =>
    decodeNpy(await readFile(path.join(folder, name))) as NdArray<Int32Array>;
  const labels = await array('labels.npy');
  const sizes = (await array('sizes.npy')).data;
  return {
    labels,
    ...(groups && { groups: groupNumbers(groups) }),
    classes: imageClasses(classes),
    images: (indices, signal) => readLevels(path.join(folder, 'levels.bin'), sizes, indices, signal),
  };
}

/** An image `[height, width, 3]` of any size as this set's own images were made to fit. */
export async function openFit(folder: string): Promise<(image: NdArray<Uint8Array>) => NdArray<Uint8Array>> {
  const { fit, largestSide: largest } = await describe(folder);
  return image => fitted(image, fit, largest);
}

/** What became level 0 and 255 of this set's images of more than 8 bits, if there were any. */
export async function storedRange(folder: string): Promise<LevelRange | undefined> {
  return (await describe(folder)).range;
}

/** Where each image of a stored set comes from, and what else is known of it; nothing of sets that were stored before that was. */
export async function storedKnown(folder: string): Promise<Known | undefined> {
  const text = await readFile(path.join(folder, 'known.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : Known.parse(JSON.parse(text));
}

async function describe(folder: string): Promise<z.infer<typeof Description>> {
  return Description.parse(JSON.parse(await readFile(path.join(folder, 'images.json'), 'utf8')));
}

function imageClasses(names: readonly string[]): ImageClass[] {
  const colours = distinctColours(names.length);
  return names.map((name, label) => ({ name, short: name, colour: colours[label] }));
}

/** The images at `indices`, neighbours of one size together in a block. */
async function* readLevels(
  file: string,
  sizes: Int32Array,
  indices: Int32Array,
  signal?: AbortSignal,
): AsyncGenerator<NdArray<Uint8Array>> {
  const bytesOf = (i: number) => sizes[2 * i] * sizes[2 * i + 1] * 3;
  const starts = new Float64Array(sizes.length / 2 + 1); // beyond 2 ** 31
  for (let i = 0; i < starts.length - 1; i++) starts[i + 1] = starts[i] + bytesOf(i);
  const levels = await open(file, 'r');
  try {
    for (let first = 0; first < indices.length; ) {
      signal?.throwIfAborted();
      const image = indices[first];
      const most = Math.max(1, Math.floor(blockBytes / bytesOf(image)));
      let n = 1;
      const follows = (i: number) =>
        indices[first + i] === image + i &&
        sizes[2 * (image + i)] === sizes[2 * image] &&
        sizes[2 * (image + i) + 1] === sizes[2 * image + 1];
      while (n < most && first + n < indices.length && follows(n)) n++;
      const data = new Uint8Array(n * bytesOf(image));
      const { bytesRead } = await levels.read(data, 0, data.length, starts[image]);
      if (bytesRead < data.length)
        throw new InvalidOwnImages(file, `ends within image ${image}; add the set again`);
      yield ndarray(data, [n, sizes[2 * image], sizes[2 * image + 1], 3]);
      first += n;
    }
  } finally {
    await levels.close();
  }
}
